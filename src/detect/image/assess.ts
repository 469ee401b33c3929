import { riskLevel } from "../risk-level.ts";
import type { Finding, InjectionResult } from "../types.ts";
import { compareDescription } from "./consistency.ts";
import { DEFAULT_IMAGE_BOUNDS, readImageHeader } from "./header.ts";
import type {
  ImageAssessment,
  ImageBounds,
  ImageMetadata,
  ImagePart,
  ImageReaders,
  ImageTextResult,
  RecognisedText,
} from "./types.ts";

/** Score of personal data or of a position in an image: medium, until a policy says more. */
const PERSONAL_DATA_RISK = 0.6;

/** The text guards an image detector applies to what it reads. */
export interface TextGuards {
  inspect(text: string): Finding[];
  detectInjection(text: string): InjectionResult;
}

/** Assesses images. */
export interface ImageDetector {
  /**
   * @param image the file's bytes
   * @param description what somebody says the picture shows; compared with the text in the picture
   * @throws RMP_DETECT_IMAGE_INVALID for an unknown format or an image beyond the bounds
   */
  assess(image: Uint8Array, description?: string): Promise<ImageAssessment>;
}

/** Creates an image detector over text guards and readers; absent readers leave their part "not assessed". */
export function createImageDetector(
  guards: TextGuards,
  readers: ImageReaders,
  bounds: ImageBounds = DEFAULT_IMAGE_BOUNDS,
): ImageDetector {
  return {
    async assess(image, description) {
      const header = readImageHeader(image, bounds);
      const notAssessed: { part: ImagePart; reason: string }[] = [
        { part: "objects", reason: "no object recogniser is part of Rampart" },
        { part: "authenticity", reason: "no manipulation detector is part of Rampart" },
      ];
      const attempt = async <T>(part: ImagePart, read: ((image: Uint8Array) => Promise<T>) | undefined) => {
        if (read === undefined) {
          notAssessed.push({ part, reason: "no reader is configured" });
          return null;
        }
        try {
          return await read(image);
        } catch {
          notAssessed.push({ part, reason: "the reader failed" });
          return null;
        }
      };
      const [recognised, metadata, codes] = await Promise.all([
        attempt("text", readers.readText),
        attempt("metadata", readers.readMetadata),
        attempt("codes", readers.readCodes),
      ]);

      const texts = collectTexts(recognised, metadata, codes).map(({ origin, text }) => ({
        origin,
        characters: text.length,
        pii: guards.inspect(text),
        injection: guards.detectInjection(text),
      }));
      const compared =
        description === undefined || recognised === null || recognised.text.trim() === ""
          ? null
          : compareDescription(description, recognised.text);
      if (compared === null)
        notAssessed.push({ part: "description", reason: descriptionReason(description, recognised) });

      const hasPosition = metadata === null ? null : metadata.hasPosition;
      const riskScore = riskOf(texts, hasPosition, compared?.consistency ?? null);
      return {
        header,
        bytes: image.length,
        texts,
        textConfidence: recognised?.confidence ?? null,
        hasPosition,
        consistency: compared?.consistency ?? null,
        unsupported: compared?.unsupported ?? [],
        riskScore,
        level: riskLevel(riskScore),
        issues: issuesOf(texts, hasPosition, compared?.unsupported.length ?? 0),
        notAssessed,
      };
    },
  };
}

function collectTexts(
  recognised: RecognisedText | null,
  metadata: ImageMetadata | null,
  codes: readonly string[] | null,
): { origin: string; text: string }[] {
  return [
    { origin: "text", text: recognised?.text ?? "" },
    ...(codes ?? []).map((text) => ({ origin: "codes", text })),
    ...(metadata?.fields ?? []).map(({ name, text }) => ({ origin: `metadata:${name}`, text })),
  ].filter(({ text }) => text.trim() !== "");
}

function descriptionReason(description: string | undefined, recognised: RecognisedText | null): string {
  if (description === undefined) return "no description was sent";
  if (recognised === null || recognised.text.trim() === "")
    return "no text was read in the picture to compare with";
  return "the description names no number, quoted word or name that text in a picture could confirm";
}

function riskOf(
  texts: readonly ImageTextResult[],
  hasPosition: boolean | null,
  consistency: number | null,
): number {
  const scores = texts.map(({ pii, injection }) =>
    Math.max(injection.score, pii.length > 0 ? PERSONAL_DATA_RISK : 0),
  );
  return Math.max(
    0,
    ...scores,
    hasPosition === true ? PERSONAL_DATA_RISK : 0,
    consistency === null ? 0 : 1 - consistency,
  );
}

function issuesOf(
  texts: readonly ImageTextResult[],
  hasPosition: boolean | null,
  unsupported: number,
): string[] {
  const issues: string[] = [];
  for (const { origin, pii, injection } of texts) {
    const types = [...new Set(pii.map((finding) => finding.type))];
    if (types.length > 0) issues.push(`personal data in ${origin}: ${types.join(", ")}`);
    if (injection.isInjection) issues.push(`prompt injection in ${origin}: ${injection.types.join(", ")}`);
  }
  if (hasPosition === true) issues.push("the metadata carries a position");
  if (unsupported > 0)
    issues.push(`${unsupported} statements of the description are not in the picture's text`);
  return issues;
}
