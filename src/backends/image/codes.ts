/** Longest side to which a picture is scaled before codes are looked for, pixels. */
const MAX_SIDE_PX = 1600;

/** Most codes taken from one picture. */
const MAX_CODES = 8;

/**
 * Parts of the picture that are searched, as shares of width and height: the whole, halves, then quarters. The decoder
 * mixes up the corners of two codes that stand side by side; in a part there is one of them.
 */
const PARTS: readonly (readonly [left: number, top: number, width: number, height: number])[] = [
  [0, 0, 1, 1],
  [0, 0, 0.55, 1],
  [0.45, 0, 0.55, 1],
  [0, 0, 1, 0.55],
  [0, 0.45, 1, 0.55],
  [0, 0, 0.55, 0.55],
  [0.45, 0, 0.55, 0.55],
  [0, 0.45, 0.55, 0.55],
  [0.45, 0.45, 0.55, 0.55],
];

/**
 * Reads QR codes with jsqr on pixels decoded by sharp (both loaded on first use).
 * Cost: at most nine searches over the picture scaled to 1,600 pixels.
 */
export async function readQrCodes(image: Uint8Array): Promise<readonly string[]> {
  const [{ default: sharp }, jsqrModule] = await Promise.all([import("sharp"), import("jsqr")]);
  const jsQR = resolveDefault(jsqrModule);
  const { data, info } = await sharp(image, { failOn: "none", limitInputPixels: 100_000_000 })
    .resize({ width: MAX_SIDE_PX, height: MAX_SIDE_PX, fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const found = new Set<string>();
  for (const [left, top, width, height] of PARTS) {
    if (found.size >= MAX_CODES) break;
    const widthPx = Math.floor(info.width * width);
    const heightPx = Math.floor(info.height * height);
    if (widthPx === 0 || heightPx === 0) continue;
    const pixels = crop(
      data,
      info.width,
      Math.floor(info.width * left),
      Math.floor(info.height * top),
      widthPx,
      heightPx,
    );
    const code = jsQR(pixels, widthPx, heightPx);
    if (code !== null && code.data !== "") found.add(code.data);
  }
  return [...found];
}

type JsQr = typeof import("jsqr").default;

/** jsqr is CommonJS whose `default` Node wraps once more. */
function resolveDefault(module: unknown): JsQr {
  let value = module;
  while (typeof value !== "function") value = (value as { default: unknown }).default;
  return value as JsQr;
}

/** Copies a rectangle out of RGBA pixels. */
function crop(
  pixels: Uint8Array,
  rowPx: number,
  leftPx: number,
  topPx: number,
  widthPx: number,
  heightPx: number,
): Uint8ClampedArray {
  const part = new Uint8ClampedArray(4 * widthPx * heightPx);
  for (let y = 0; y < heightPx; y += 1) {
    const start = 4 * ((topPx + y) * rowPx + leftPx);
    part.set(pixels.subarray(start, start + 4 * widthPx), 4 * y * widthPx);
  }
  return part;
}
