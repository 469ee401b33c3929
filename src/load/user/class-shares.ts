/** Which user class the n-th user belongs to: the same answer on every worker. */
import type { UserClass } from "../model/user-types.ts";

/**
 * Classes by slot: fixed counts first, in the order of declaration, then by weight with smooth weighted round robin (the
 * scheme of nginx's upstreams), so that every prefix is as near to the weights as whole users allow.
 */
export function createClassPicker(
  classes: readonly UserClass[],
  equalWeights: boolean,
): (slot: number) => UserClass {
  const fixed = classes.flatMap((userClass) => Array.from({ length: userClass.fixedCount }, () => userClass));
  const weighted = classes.filter((userClass) => userClass.fixedCount === 0);
  if (weighted.length === 0) return (slot) => fixed[slot % fixed.length]!;
  const weights = weighted.map((userClass) => (equalWeights ? 1 : userClass.weight));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const current = weights.map(() => 0);
  const picked: UserClass[] = [];
  return (slot) => {
    if (slot < fixed.length) return fixed[slot]!;
    while (picked.length <= slot - fixed.length) {
      let best = 0;
      for (let index = 0; index < current.length; index += 1) {
        current[index]! += weights[index]!;
        if (current[index]! > current[best]!) best = index;
      }
      current[best]! -= total;
      picked.push(weighted[best]!);
    }
    return picked[slot - fixed.length]!;
  };
}
