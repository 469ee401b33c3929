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
  const bytes = await bytesAt(path, atByte);
  const end = bytes.indexOf(NEWLINE);
  const opened = end === -1 ? null : openLine(bytes.subarray(0, end));
  return opened?.kind === "record" ? opened.record : null;
}

/**
 * Whether what stands at a place of a file goes on where somebody stopped reading: a line ends just before, and the line that
 * begins there, when it is whole already, continues a hash.
 * @param atByte greater than 0
 * @throws errors of the file system
 */
export async function continuesAt(path: string, atByte: number, hash: string): Promise<boolean> {
  const bytes = await bytesAt(path, atByte - 1);
  if (bytes[0] !== NEWLINE) return false;
  const end = bytes.indexOf(NEWLINE, 1);
  if (end === -1) return true;
  const opened = openLine(bytes.subarray(1, end));
  return opened.kind === "record" && opened.record.prev === hash;
}

/** The name of the log that a file belongs to, from its first record. @throws errors of the file system */
export async function logNameOf(path: string): Promise<string | null> {
  const record = await recordAt(path, 0);
  return record?.kind === "file" ? record.log : null;
}

async function bytesAt(path: string, atByte: number): Promise<Buffer> {
  const handle = await open(path, "r");
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(HEAD_BYTES), 0, HEAD_BYTES, atByte);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
