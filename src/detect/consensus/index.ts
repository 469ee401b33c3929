/** Consensus of several judges. */
export { createConsensus, DEFAULT_CONSENSUS, platformTimer } from "./consensus.ts";
export { biasJudge, classifierJudge, groundingJudge, injectionJudge, knownFactsJudge } from "./judges.ts";
export { type ContradictedFact, checkKnownFacts, type KnownFactsVerdict } from "./known-facts.ts";
export { toStrategy } from "./strategies.ts";
export type {
  Concern,
  ConcernDecision,
  Consensus,
  ConsensusOptions,
  ConsensusResult,
  Judge,
  JudgeInput,
  Judgement,
  JudgeReport,
  Strategy,
  Timer,
} from "./types.ts";
