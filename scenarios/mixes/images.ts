/** Small PNG images made on the fly: new ones for the detector, repeated ones for its cache. */
import { deflateSync } from "node:zlib";
import type { User } from "rampart/load";

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const SIZE_PX = 64;
const REPEATED = 8;

/** `POST /multimodal/detect-image` with JSON; every second image was sent before. */
export async function detectImage<S>(user: User<S>): Promise<void> {
  const isRepeated = user.iteration % 2 === 0;
  const seed = isRepeated
    ? Math.floor(user.random() * REPEATED)
    : Math.floor(user.random() * 0xffffff) + REPEATED;
  const response = await user.http.post("/multimodal/detect-image", {
    json: { text_description: "a coloured square", image: pngOf(seed).toString("base64") },
  });
  user.check(response, "image answers 200", (answer) => answer.status === 200);
}

/** A PNG of one colour (PNG specification, second edition: IHDR, IDAT, IEND). @param seed colour, 24 bits */
export function pngOf(seed: number): Buffer {
  const row = Buffer.alloc(1 + SIZE_PX * 3);
  for (let pixel = 0; pixel < SIZE_PX; pixel += 1) row.writeUIntBE(seed & 0xffffff, 1 + pixel * 3, 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(SIZE_PX, 0);
  header.writeUInt32BE(SIZE_PX, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const data = deflateSync(Buffer.concat(Array.from({ length: SIZE_PX }, () => row)));
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", data),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

/** CRC-32 of ISO 3309, as PNG wants it; node:zlib has it only from 20.15 on. */
function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
