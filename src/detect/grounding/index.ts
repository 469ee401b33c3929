/** Grounding: claims of an answer against a reference. */
export type { GroundingReason } from "./claims.ts";
export {
  createGroundingDetector,
  type GroundingClaim,
  type GroundingDetector,
  type GroundingInput,
  type GroundingResult,
} from "./detector.ts";
export { type GroundingModel, toGroundingModel } from "./model.ts";

/**
 * Every expression that the grounding detector runs over texts: none, its scanner works unit by unit. Kept as a list so that
 * the check of all shipped expressions covers this detector should one be added.
 */
export const groundingPatterns: readonly RegExp[] = [];
