import { InvalidArgumentError } from "commander";

/** How many processes serve. */
export interface ProcessRange {
  readonly min: number;
  readonly max: number;
}

/** Most processes: the bound of `processes.max`. */
const MOST = 256;

/** Reads `N` or `MIN..MAX`. @throws InvalidArgumentError, which names the flag */
export function processRange(text: string): ProcessRange {
  const match = /^(\d{1,3})(?:\.\.(\d{1,3}))?$/.exec(text);
  const min = Number(match?.[1]);
  const max = Number(match?.[2] ?? match?.[1]);
  if (match === null || min < 1 || max < min || max > MOST)
    throw new InvalidArgumentError(`expected N or MIN..MAX between 1 and ${MOST}`);
  return { min, max };
}
