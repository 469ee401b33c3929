import { createGuard, type Guard } from "#detect";

const lesser = new WeakMap<Guard, Guard>();

/**
 * The guard that stands in for one that failed: the same policy with the recognisers that need no model, no service and no
 * memory. It is for finding alone: what becomes of the findings is still the failed guard's business.
 */
export function lesserGuardOf(guard: Guard): Guard {
  let made = lesser.get(guard);
  if (made === undefined) {
    made = createGuard({ policy: guard.policy });
    lesser.set(guard, made);
  }
  return made;
}
