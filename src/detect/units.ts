/** A text as an array of its UTF-16 units, for scanners that look at every one of them. */

/** Texts up to this length share one array of units. */
const SHARED_UNITS = 65536;
/** Units readable past the end of a text, all zero. */
const MARGIN = 4;

let shared: Room | undefined;

/**
 * The units of `text`, followed by at least four zeros; valid until the next call. Copying costs a twentieth of reading a
 * text unit by unit, and an array is read about three times as fast.
 */
export function unitsOf(text: string): Uint16Array {
  const { length } = text;
  const { units, bytes } = length <= SHARED_UNITS ? (shared ??= room(SHARED_UNITS)) : room(length);
  if (IS_LITTLE_ENDIAN) bytes.write(text, 0, "utf16le");
  else for (let at = 0; at < length; at++) units[at] = text.charCodeAt(at);
  for (let at = length; at < length + MARGIN; at++) units[at] = 0;
  return units;
}

/** Two views of the same memory. */
interface Room {
  readonly units: Uint16Array;
  readonly bytes: Buffer;
}

function room(length: number): Room {
  const units = new Uint16Array(length + MARGIN);
  return { units, bytes: Buffer.from(units.buffer) };
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
