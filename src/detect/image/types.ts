/** What the image detector asks of its readers and what it answers. Types only. */
import type { Finding, InjectionResult, RiskLevel } from "../types.ts";

/** Image formats that are read; anything else is refused by name. */
export type ImageFormat = "png" | "jpeg" | "gif" | "webp";

/** What the header of an image says before anything is decoded. */
export interface ImageHeader {
  readonly format: ImageFormat;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Text recognised in a picture. */
export interface RecognisedText {
  readonly text: string;
  /** Mean confidence of the recogniser, 0-1. */
  readonly confidence: number;
}

/** One text field of the metadata (EXIF, XMP, IPTC, PNG text chunk, comment). */
export interface MetadataField {
  readonly name: string;
  readonly text: string;
}

/** Metadata of an image. */
export interface ImageMetadata {
  readonly fields: readonly MetadataField[];
  /** True when the image carries a position. */
  readonly hasPosition: boolean;
}

/**
 * What the detector needs from outside. A reader that is absent leaves its part "not assessed"; one that rejects leaves
 * it "not assessed" with the reason `failed`.
 */
export interface ImageReaders {
  readonly readText?: (image: Uint8Array) => Promise<RecognisedText>;
  readonly readMetadata?: (image: Uint8Array) => Promise<ImageMetadata>;
  /** Payloads of QR codes; several when the picture holds several. */
  readonly readCodes?: (image: Uint8Array) => Promise<readonly string[]>;
}

/** Parts of an image that can be assessed. */
export type ImagePart = "text" | "metadata" | "codes" | "description" | "objects" | "authenticity";

/** Findings in one text that the image carries. Offsets point into that text, which is not part of the answer. */
export interface ImageTextResult {
  /** Where the text was: `text` (recognised), `codes`, or `metadata:<field>`. */
  readonly origin: string;
  readonly characters: number;
  readonly pii: readonly Finding[];
  readonly injection: InjectionResult;
}

/** Bounds that are checked before an image is decoded. */
export interface ImageBounds {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

/** The answer about one image. */
export interface ImageAssessment {
  readonly header: ImageHeader;
  readonly bytes: number;
  readonly texts: readonly ImageTextResult[];
  /** Confidence of the text recognition, 0-1; null when no text was looked for. */
  readonly textConfidence: number | null;
  readonly hasPosition: boolean | null;
  /**
   * Share of the checkable claims of the description (numbers, quoted words, names) that the recognised text holds, 0-1;
   * null when there is no description, no recognised text, or nothing checkable.
   */
  readonly consistency: number | null;
  /** Checkable claims of the description that were not found, as offsets into the description. */
  readonly unsupported: readonly { readonly start: number; readonly end: number }[];
  /** Highest of: injection score, personal data (0.6 and more), position (0.6), inconsistency. */
  readonly riskScore: number;
  readonly level: RiskLevel;
  readonly issues: readonly string[];
  readonly notAssessed: readonly { readonly part: ImagePart; readonly reason: string }[];
}
