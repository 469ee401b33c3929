import type { ImageMetadata, MetadataField } from "#detect";

/** Longest text taken from one metadata field, characters. */
const MAX_FIELD_CHARACTERS = 10_000;

/** Most fields taken from one image. */
const MAX_FIELDS = 200;

/** Field names that hold binary or numeric bookkeeping, never text of a person. */
const BOOKKEEPING =
  /^(?:FileType|Image (?:Width|Height)|Bit Depth|Color|Compression|Filter|Interlace|Thumbnail|JFIF|Offset|Exif IFD|GPS Info|Padding)/;

/** Field names that tell a position. */
const POSITION = /^GPS(?:Latitude|Longitude|Position)$/i;

/**
 * Reads EXIF, IPTC, XMP, comments and PNG text chunks with the package exifreader (loaded on first use).
 * An image without metadata gives an empty list.
 */
export async function readImageMetadata(image: Uint8Array): Promise<ImageMetadata> {
  const { default: exifReader } = await import("exifreader");
  const tags = await exifReader.load(toArrayBuffer(image), { async: true });
  const fields: MetadataField[] = [];
  let hasPosition = false;
  for (const [name, tag] of Object.entries(tags)) {
    if (POSITION.test(name)) hasPosition = true;
    if (fields.length >= MAX_FIELDS || BOOKKEEPING.test(name)) continue;
    const text = toText(tag);
    if (text !== "") fields.push({ name, text: text.slice(0, MAX_FIELD_CHARACTERS) });
  }
  return { fields, hasPosition };
}

/** The text of a tag; numbers and binary values give none. */
function toText(tag: unknown): string {
  const { value, description } = (tag ?? {}) as { value?: unknown; description?: unknown };
  if (typeof description === "string" && /\p{L}/u.test(description)) return description;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.filter((item) => typeof item === "string").join(" ");
  return "";
}

function toArrayBuffer(image: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(image.byteLength);
  new Uint8Array(copy).set(image);
  return copy;
}
