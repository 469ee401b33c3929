import { recordAt } from "../head.ts";
import { endOf } from "../recover.ts";
import type { ShipPosition } from "./position.ts";
import type { SpooledLog } from "./spool.ts";

/** How far behind the copy of one log is. */
export interface Lag {
  /** Records on disk that are not copied. */
  readonly records: number;
  /** When the oldest of them was made, ms since the Unix epoch; null without any. */
  readonly oldestTs: number | null;
  /** Records that left the disk before they were copied and that no batch has counted yet. */
  readonly removed: number;
}

/** Nothing left to copy. */
export const NO_LAG: Lag = { records: 0, oldestTs: null, removed: 0 };

/**
 * Measures how far behind the copy of a log is; reads the first record of its oldest file, the next to copy, and the last.
 * @throws errors of the file system
 */
export async function measureLag({ files }: SpooledLog, position: ShipPosition): Promise<Lag> {
  const [first] = files;
  const last = files.at(-1);
  if (first === undefined || last === undefined) return NO_LAG;
  const head = await endOf(last);
  const oldest = await recordAt(first.path, 0);
  const removed = oldest === null ? 0 : Math.max(0, oldest.seq - 1 - position.seq);
  const records = Math.max(0, head.seq - position.seq - removed);
  if (records === 0) return { records, oldestTs: null, removed };
  const current = files.find(({ number }) => number === position.file);
  const next = current === undefined ? oldest : await recordAt(current.path, position.bytes);
  return { records, oldestTs: next?.ts ?? null, removed };
}
