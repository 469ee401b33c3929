import { RampartError } from "#shared";
import type { ImageBounds, ImageHeader } from "./types.ts";

/** Default bounds: 10 MB (the first seed's limit for images) and 40 megapixels (160 MB decoded as RGBA). */
export const DEFAULT_IMAGE_BOUNDS: ImageBounds = { maxBytes: 10_000_000, maxPixels: 40_000_000 };

/**
 * Reads format and size of an image from its first bytes and checks them against the bounds, decoding nothing.
 * Sources: PNG (RFC 2083, IHDR), JPEG (ITU-T T.81, SOFn markers), GIF89a, WebP (RFC 9649: VP8, VP8L, VP8X).
 * @throws RMP_DETECT_IMAGE_INVALID for an unknown format, a damaged header, or an image beyond the bounds
 */
export function readImageHeader(image: Uint8Array, bounds: ImageBounds = DEFAULT_IMAGE_BOUNDS): ImageHeader {
  if (image.length > bounds.maxBytes) throw invalid(`the image is larger than ${bounds.maxBytes} bytes`);
  const header = readPng(image) ?? readGif(image) ?? readWebp(image) ?? readJpeg(image);
  if (header === null)
    throw invalid("the bytes are no PNG, JPEG, GIF or WebP image, or its header is damaged");
  if (header.widthPx === 0 || header.heightPx === 0) throw invalid("the image has no pixels");
  if (header.widthPx * header.heightPx > bounds.maxPixels)
    throw invalid(`the image has more than ${bounds.maxPixels} pixels`);
  return header;
}

function invalid(message: string): RampartError {
  return new RampartError("RMP_DETECT_IMAGE_INVALID", message, { field: "image" });
}

function viewOf(image: Uint8Array): DataView {
  return new DataView(image.buffer, image.byteOffset, image.byteLength);
}

function startsWith(image: Uint8Array, offset: number, signature: string): boolean {
  if (image.length < offset + signature.length) return false;
  for (let i = 0; i < signature.length; i += 1)
    if (image[offset + i] !== signature.charCodeAt(i)) return false;
  return true;
}

function readPng(image: Uint8Array): ImageHeader | null {
  if (!startsWith(image, 0, "\x89PNG\r\n\x1a\n") || !startsWith(image, 12, "IHDR") || image.length < 24)
    return null;
  const view = viewOf(image);
  return { format: "png", widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
}

function readGif(image: Uint8Array): ImageHeader | null {
  if (!(startsWith(image, 0, "GIF87a") || startsWith(image, 0, "GIF89a")) || image.length < 10) return null;
  const view = viewOf(image);
  return { format: "gif", widthPx: view.getUint16(6, true), heightPx: view.getUint16(8, true) };
}

function readWebp(image: Uint8Array): ImageHeader | null {
  if (!startsWith(image, 0, "RIFF") || !startsWith(image, 8, "WEBP") || image.length < 30) return null;
  const view = viewOf(image);
  if (startsWith(image, 12, "VP8X")) {
    const widthPx = 1 + (view.getUint16(24, true) | ((image[26] ?? 0) << 16));
    return { format: "webp", widthPx, heightPx: 1 + (view.getUint16(27, true) | ((image[29] ?? 0) << 16)) };
  }
  if (startsWith(image, 12, "VP8L")) {
    const bits = view.getUint32(21, true);
    return { format: "webp", widthPx: 1 + (bits & 0x3fff), heightPx: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (!startsWith(image, 12, "VP8 ")) return null;
  return {
    format: "webp",
    widthPx: view.getUint16(26, true) & 0x3fff,
    heightPx: view.getUint16(28, true) & 0x3fff,
  };
}

function readJpeg(image: Uint8Array): ImageHeader | null {
  if (image[0] !== 0xff || image[1] !== 0xd8) return null;
  const view = viewOf(image);
  let offset = 2;
  while (offset + 9 < image.length) {
    if (image[offset] !== 0xff) return null;
    const marker = image[offset + 1] ?? 0;
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    // SOF0-SOF15 carry the size; C4, C8 and CC are tables and reserved.
    if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { format: "jpeg", heightPx: view.getUint16(offset + 5), widthPx: view.getUint16(offset + 7) };
    offset += 2 + view.getUint16(offset + 2);
  }
  return null;
}
