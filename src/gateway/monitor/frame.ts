/** Final frame of a text message. Source: RFC 6455, section 5.2. */
const FINAL_TEXT = 0x81;
/** Longest payload whose length fits the second byte, and the marks for a length of two and of eight bytes. */
const SHORT_BYTES = 125;
const LENGTH_IN_2_BYTES = 126;
const LENGTH_IN_8_BYTES = 127;

/** One text as a complete WebSocket frame from server to client (unmasked, uncompressed; RFC 6455, section 5.2). */
export function textFrame(text: string): Buffer {
  const payloadBytes = Buffer.byteLength(text);
  const headBytes = payloadBytes <= SHORT_BYTES ? 2 : payloadBytes <= 0xffff ? 4 : 10;
  const frame = Buffer.allocUnsafe(headBytes + payloadBytes);
  frame[0] = FINAL_TEXT;
  if (headBytes === 2) frame[1] = payloadBytes;
  else if (headBytes === 4) {
    frame[1] = LENGTH_IN_2_BYTES;
    frame.writeUInt16BE(payloadBytes, 2);
  } else {
    frame[1] = LENGTH_IN_8_BYTES;
    frame.writeBigUInt64BE(BigInt(payloadBytes), 2);
  }
  frame.write(text, headBytes);
  return frame;
}
