import type { ImageReaders } from "#detect";
import { readQrCodes } from "./codes.ts";
import { readImageMetadata } from "./metadata.ts";
import { createTextRecogniser } from "./ocr.ts";

/** Readers of text, metadata and QR codes; each loads its library on first use. */
export interface ImageBackend {
  readonly readers: ImageReaders;
  /** Ends the recogniser's worker thread. */
  close(): Promise<void>;
}

/** Creates the readers that ship with Rampart. */
export function createImageBackend(): ImageBackend {
  const recogniser = createTextRecogniser();
  return {
    readers: {
      readText: (image) => recogniser.readText(image),
      readMetadata: readImageMetadata,
      readCodes: readQrCodes,
    },
    close: () => recogniser.close(),
  };
}
