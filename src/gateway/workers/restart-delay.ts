/** Delay before the first replacement, ms; doubles with every further early death. */
const FIRST_MS = 100;
const LONGEST_MS = 30_000;
/** A process that lived this long did not die of its start, ms. */
export const SETTLED_MS = 30_000;

/**
 * How long to wait until a process that died is replaced, ms.
 * @param earlyDeaths deaths in a row, this one included, of processes that lived less than {@link SETTLED_MS}
 */
export function restartDelayMs(earlyDeaths: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, earlyDeaths - 1));
}
