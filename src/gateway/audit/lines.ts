import { open } from "node:fs/promises";

const CHUNK_BYTES = 256 * 1024;
const NEWLINE = 10;
/** Longest run of bytes that is kept to find its newline; no record is nearly as long. */
const MAX_LINE_BYTES = 1024 * 1024;

/** One line of a file. */
export interface Line {
  /** Without the newline. */
  readonly bytes: Buffer;
  /** Where the line begins. */
  readonly atByte: number;
  /** False for bytes after the last newline. */
  readonly isWhole: boolean;
}

/**
 * Reads a file by lines, as many at once as one read brings.
 * @param fromByte where a line begins
 * @throws errors of the file system
 */
export async function* readLines(path: string, fromByte = 0): AsyncGenerator<readonly Line[]> {
  const handle = await open(path, "r");
  try {
    let rest: Buffer = Buffer.alloc(0);
    let restAt = fromByte;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, restAt + rest.length);
      if (bytesRead === 0) break;
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      const lines: Line[] = [];
      let start = 0;
      for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
        lines.push({ bytes: bytes.subarray(start, end), atByte: restAt + start, isWhole: true });
        start = end + 1;
      }
      rest = bytes.subarray(start);
      restAt += start;
      if (rest.length > MAX_LINE_BYTES) {
        lines.push({ bytes: rest, atByte: restAt, isWhole: true });
        restAt += rest.length;
        rest = Buffer.alloc(0);
      }
      if (lines.length > 0) yield lines;
    }
    if (rest.length > 0) yield [{ bytes: rest, atByte: restAt, isWhole: false }];
  } finally {
    await handle.close();
  }
}
