/** Checks of executor configurations; each throws RMP_LOAD_SCENARIO_INVALID and names the field. */
import { RampartError } from "#shared";
import type { Stage } from "../model/executor-types.ts";

/** A number above 0. */
export function requirePositive(value: number, field: string): number {
  if (!(value > 0)) throw invalid(field, "must be a number above 0");
  return value;
}

/** A number at or above 0. */
export function requireNonNegative(value: number, field: string): number {
  if (!(value >= 0) || !Number.isFinite(value)) throw invalid(field, "must be a number at or above 0");
  return value;
}

/** A whole number at or above `min`. */
export function requireWhole(value: number, min: number, field: string): number {
  if (!Number.isInteger(value) || value < min)
    throw invalid(field, `must be a whole number at or above ${min}`);
  return value;
}

/** At least one stage, none of them shorter than nothing or with a negative target. */
export function requireStages(stages: readonly Stage[], name: string): void {
  if (stages.length === 0) throw invalid(`${name}: stages`, "must have at least one stage");
  for (const stage of stages) {
    requireNonNegative(stage.durationSec, `${name}: durationSec`);
    requireNonNegative(stage.target, `${name}: target`);
  }
}

/** The error for a field that cannot be right. */
export function invalid(field: string, problem: string): RampartError {
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `${field}: ${problem}`, { field });
}
