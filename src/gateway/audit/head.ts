import { open } from "node:fs/promises";
import { openLine } from "./chain.ts";
import type { AuditRecord } from "./record.ts";

/** Bytes in which a record is looked for; none is nearly as long. */
const HEAD_BYTES = 16 * 1024;
const NEWLINE = 10;

/**
 * The record that begins at a place of a file; null when there is none that is whole and unchanged.
 * @throws errors of the file system
 */
export async function recordAt(path: string, atByte: number): Promise<AuditRecord | null> {
  const handle = await open(path, "r");
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(HEAD_BYTES), 0, HEAD_BYTES, atByte);
    const end = buffer.subarray(0, bytesRead).indexOf(NEWLINE);
    const opened = end === -1 ? null : openLine(buffer.subarray(0, end));
    return opened?.kind === "record" ? opened.record : null;
  } finally {
    await handle.close();
  }
}

/** The name of the log that a file belongs to, from its first record. @throws errors of the file system */
export async function logNameOf(path: string): Promise<string | null> {
  const record = await recordAt(path, 0);
  return record?.kind === "file" ? record.log : null;
}
