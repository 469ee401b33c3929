import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { RecognisedText } from "#detect";
import { RampartError } from "#shared";

/** Pictures that may wait for the one worker; more are refused, so that a burst cannot pile up memory. */
const MAX_WAITING = 16;

/** Longest side handed to the recogniser, pixels; larger pictures are scaled down, small ones doubled. */
const MAX_SIDE_PX = 2400;
const SMALL_SIDE_PX = 600;

/** A text recogniser with one worker thread. */
export interface TextRecogniser {
  /** @throws RMP_OVERLOADED when too many pictures wait, RMP_BACKEND_UNAVAILABLE when the worker cannot start or is closed */
  readText(image: Uint8Array): Promise<RecognisedText>;
  /** Ends the worker once the picture under way is read; those that wait are refused. */
  close(): Promise<void>;
}

/**
 * Recognises English text with tesseract.js in a worker thread that starts on first use, with the language data of the
 * package `@tesseract.js-data/eng` (nothing is downloaded). About 150 ms of CPU for a small picture.
 */
export function createTextRecogniser(): TextRecogniser {
  let worker: ReturnType<typeof startWorker> | null = null;
  let tail: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  let isClosed = false;
  return {
    readText(image) {
      if (waiting >= MAX_WAITING)
        return Promise.reject(
          new RampartError("RMP_OVERLOADED", "too many pictures wait for text recognition"),
        );
      waiting += 1;
      const work = tail.then(async () => {
        try {
          const prepared = await prepare(image);
          if (isClosed) throw new RampartError("RMP_BACKEND_UNAVAILABLE", "the text recogniser is closed");
          worker ??= startWorker();
          const { data } = await (await worker).recognize(prepared);
          return { text: data.text.trim(), confidence: data.confidence / 100 };
        } finally {
          waiting -= 1;
        }
      });
      tail = work.catch(() => {});
      return work;
    },
    async close() {
      isClosed = true;
      // A worker that ends in the middle of a picture would end the process with it.
      await tail;
      const running = worker;
      worker = null;
      if (running !== null) await (await running).terminate();
    },
  };
}

async function startWorker() {
  try {
    const { createWorker, OEM } = await import("tesseract.js");
    const data = dirname(createRequire(import.meta.url).resolve("@tesseract.js-data/eng/package.json"));
    return await createWorker("eng", OEM.LSTM_ONLY, {
      langPath: join(data, "4.0.0_best_int"),
      cacheMethod: "none",
      // without a handler a failed job ends the process
      errorHandler: () => {},
    });
  } catch (cause) {
    throw new RampartError("RMP_BACKEND_UNAVAILABLE", "the text recogniser could not start", { cause });
  }
}

/** Grey, upright, of a size the recogniser reads well, as PNG. */
async function prepare(image: Uint8Array): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  const picture = sharp(image, { failOn: "none", limitInputPixels: 100_000_000 })
    .rotate()
    .flatten({ background: "#ffffff" });
  const { width = 0, height = 0 } = await picture.metadata();
  const side = Math.max(width, height);
  const target = side > MAX_SIDE_PX ? MAX_SIDE_PX : side < SMALL_SIDE_PX ? side * 2 : side;
  return picture
    .resize({ width: target, height: target, fit: "inside" })
    .grayscale()
    .png({ compressionLevel: 1 })
    .toBuffer();
}
