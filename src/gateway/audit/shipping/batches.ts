import { setImmediate as nextTurn } from "node:timers/promises";
import { openLine } from "../chain.ts";
import { continuesAt } from "../head.ts";
import { readLines } from "../lines.ts";
import type { AuditFileName } from "../names.ts";
import type { ShipPosition } from "./position.ts";

/** Lines that are checked before requests get their turn: about half a millisecond. */
const LINES_A_TURN = 64;

/** A line that is to be copied. */
export interface ShipLine {
  /** The line as it stands in the file, without the newline. */
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly ts: number;
  /** Where to go on after this line. */
  readonly next: ShipPosition;
}

/** Lines of one log that are copied at once. */
export interface ShipBatch {
  readonly lines: readonly ShipLine[];
  /** Where to go on after this batch: beyond its last line when lines follow that cannot be read. */
  readonly next: ShipPosition;
}

/**
 * The lines of a log from a position to the last whole line that is there now. Lines that were changed are passed over. When
 * the position does not fit the file any more (the file was cut and written anew after a crash), the file is read from its
 * beginning: what is there already is not stored twice.
 * @param files of one log, in order
 * @param most lines of a batch
 * @throws errors of the file system
 */
export async function* readBatches(
  files: readonly AuditFileName[],
  from: ShipPosition,
  most: number,
): AsyncGenerator<ShipBatch> {
  let lines: ShipLine[] = [];
  let next = from;
  let done = from;
  let inTurn = 0;
  for (const { number, path } of files) {
    if (number < from.file) continue;
    const fromByte = number === from.file ? await startOf(path, from) : 0;
    for await (const read of readLines(path, fromByte))
      for (const { bytes, atByte, isWhole } of read) {
        if (!isWhole) continue;
        const opened = openLine(bytes);
        const place = { file: number, bytes: atByte + bytes.length + 1 };
        if (opened.kind === "record") {
          const { seq, hash, ts } = opened.record;
          next = { seq, hash, ...place };
          lines.push({ text: bytes.toString("utf8"), ts, next });
        } else next = { seq: next.seq, hash: next.hash, ...place };
        if (lines.length >= most) {
          done = next;
          yield { lines, next };
          lines = [];
        }
        inTurn += 1;
        if (inTurn % LINES_A_TURN === 0) await nextTurn();
      }
  }
  if (next !== done) yield { lines, next };
}

/** The place to go on in a file: the position, when the record there continues what was copied. */
async function startOf(path: string, { bytes, hash }: ShipPosition): Promise<number> {
  return bytes > 0 && (await continuesAt(path, bytes, hash)) ? bytes : 0;
}
