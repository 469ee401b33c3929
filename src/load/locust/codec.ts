/**
 * Messages to bytes and back: MessagePack arrays of three, `[type, data, node id]`, as Python's `msgpack.dumps` writes
 * them (first byte 0x93). Source: Locust `locust/rpc/protocol.py`.
 */
import { Packr, Unpackr } from "msgpackr";
import type { LocustMessage } from "./message.ts";

/** Longest message taken, bytes: a report of 2,000 names with fine buckets stays far below. */
export const MESSAGE_LIMIT_BYTES = 64 * 1024 * 1024;

/**
 * Plain objects become maps with text keys, `Map`s keep number keys (buckets, seconds); whole numbers beyond 32 bits are
 * written as 64-bit floats, which Python takes as numbers too.
 */
const packr = new Packr({ useRecords: false, variableMapSize: true, encodeUndefinedAsNil: true });
/** Maps come back as `Map`, so that number keys stay numbers and no key can touch a prototype. */
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: false, int64AsType: "number" });

/** A message as bytes. */
export function encodeMessage(message: LocustMessage): Buffer {
  // The packer reuses its buffer for the next message; a socket may still hold this one.
  return Buffer.from(packr.pack([message.type, message.data ?? null, message.nodeId]));
}

/** A message from bytes; null when the bytes are none. */
export function decodeMessage(bytes: Uint8Array): LocustMessage | null {
  if (bytes.length === 0 || bytes.length > MESSAGE_LIMIT_BYTES) return null;
  let value: unknown;
  try {
    value = unpackr.unpack(bytes);
  } catch {
    return null;
  }
  if (!Array.isArray(value) || value.length !== 3) return null;
  const [type, data, nodeId] = value as unknown[];
  if (typeof type !== "string" || typeof nodeId !== "string") return null;
  return { type, data: data ?? null, nodeId };
}
