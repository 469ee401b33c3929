/** Detection as a library: text in, findings out. Pure; weights, clock and judges are handed in. */

export { ADVERSARIAL_INPUTS, type AdversarialInput, adversarialText } from "./adversarial.ts";
export {
  BIAS_KINDS,
  type BiasDetector,
  type BiasIndicator,
  type BiasInput,
  type BiasKind,
  type BiasModel,
  type BiasResult,
  type BiasRule,
  biasPatterns,
  type Counterfactual,
  createBiasDetector,
  type FairnessScore,
  FOUR_FIFTHS,
  type GroupMetrics,
  type GroupRates,
  groupMetrics,
  type LabelledPrediction,
  toBiasWeights,
} from "./bias/index.ts";
export {
  biasJudge,
  type Concern,
  type ConcernDecision,
  type Consensus,
  type ConsensusOptions,
  type ConsensusResult,
  type ContradictedFact,
  checkKnownFacts,
  classifierJudge,
  createConsensus,
  DEFAULT_CONSENSUS,
  groundingJudge,
  injectionJudge,
  type Judge,
  type JudgeInput,
  type Judgement,
  type JudgeReport,
  type KnownFactsVerdict,
  knownFactsJudge,
  platformTimer,
  type Strategy,
  type Timer,
  toStrategy,
} from "./consensus/index.ts";
export {
  areaUnderRoc,
  type BinaryMetrics,
  type BinaryReport,
  reportBinary,
  type ScoredItem,
} from "./evaluation/binary.ts";
export { evaluateInjection, type InjectionEvaluation } from "./evaluation/injection.ts";
export { type PiiItem, type PiiReport, piiScoreLine, predictPii, scorePii } from "./evaluation/pii.ts";
export {
  createGroundingDetector,
  type GroundingClaim,
  type GroundingDetector,
  type GroundingInput,
  type GroundingModel,
  type GroundingReason,
  type GroundingResult,
  groundingPatterns,
  toGroundingModel,
} from "./grounding/index.ts";
export { createGuard } from "./guard.ts";
export { createImageDetector, type ImageDetector, type TextGuards } from "./image/assess.ts";
export { checkableClaims } from "./image/consistency.ts";
export { DEFAULT_IMAGE_BOUNDS, readImageHeader } from "./image/header.ts";
export type {
  ImageAssessment,
  ImageBounds,
  ImageFormat,
  ImageHeader,
  ImageMetadata,
  ImagePart,
  ImageReaders,
  ImageTextResult,
  MetadataField,
  RecognisedText,
} from "./image/types.ts";
export {
  type CreatedInjectionDetector,
  createInjectionDetector,
  injectionPatterns,
} from "./injection/detector.ts";
export { type InjectionModel, parseInjectionModel } from "./injection/model.ts";
export { decryptValue, deriveTenantKeys, type TenantKeys } from "./operators/keyed.ts";
export { createAddressRecogniser } from "./pii/address/address-recogniser.ts";
export { createNationalRecogniser, NATIONAL_TYPES } from "./pii/national/national-recogniser.ts";
export { createStructuredRecogniser, STRUCTURED_TYPES, type StructuredRecogniser } from "./pii/structured.ts";
export { decodeNamesModel, type NamesModel } from "./pii/tagger/model.ts";
export { createNamesRecogniser } from "./pii/tagger/names-recogniser.ts";
export { DEFAULT_POLICY } from "./policy/default-policy.ts";
export { parsePolicy } from "./policy/parse.ts";
export {
  type CombinedInspection,
  inspectWithRemotes,
  type RemoteClassifier,
  type RemoteRecogniser,
} from "./remote.ts";
export type {
  Anonymised,
  AnonymisedJson,
  EntityRule,
  Finding,
  Guard,
  GuardModels,
  GuardOptions,
  InjectionDetector,
  InjectionResult,
  InjectionType,
  JsonValue,
  OperatorKeys,
  OperatorKind,
  OutputAction,
  Policy,
  Recogniser,
  RestoreChannel,
  RestoreOptions,
  RiskLevel,
  StreamRestorer,
  Vault,
  VaultOptions,
} from "./types.ts";
export { openVault, sealVault } from "./vault/seal.ts";
export { createVault } from "./vault/vault.ts";
