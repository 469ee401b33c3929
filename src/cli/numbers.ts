import { InvalidArgumentError } from "commander";

/** Parses a whole number for a flag; the error names the bounds. */
export function wholeNumber(
  minimum: number,
  maximum: number = Number.MAX_SAFE_INTEGER,
): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text.trim()) || value < minimum || value > maximum)
      throw new InvalidArgumentError(
        maximum === Number.MAX_SAFE_INTEGER
          ? `expected a whole number of at least ${minimum}`
          : `expected a whole number from ${minimum} to ${maximum}`,
      );
    return value;
  };
}

/** Parses a TCP port for a flag; 0 = any free port. */
export const portNumber: (text: string) => number = wholeNumber(0, 65535);

/** Parses a number above zero for a flag. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("expected a number above 0");
  return value;
}
