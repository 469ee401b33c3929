/** Checks of executor configurations; each throws RMP_LOAD_SCENARIO_INVALID and names the field. */
import { RampartError } from "#shared";

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

/** The error for a field that cannot be right. */
export function invalid(field: string, problem: string): RampartError {
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `${field}: ${problem}`, { field });
}
