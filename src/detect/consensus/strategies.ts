/** How votes become a decision; pure. */
import type { Concern, ConcernDecision, Strategy } from "./types.ts";

/** A vote that counts. */
export interface Vote {
  readonly score: number;
  readonly flagged: boolean;
  readonly confidence: number;
  readonly weight: number;
}

/** Spellings of the strategies, without case; "cascading" and "vote" are what other systems call them. */
const SPELLINGS: Readonly<Record<string, Strategy>> = {
  majority: "majority",
  majority_vote: "majority",
  weighted: "weighted",
  weighted_average: "weighted",
  unanimous: "unanimous",
  cascade: "cascade",
  cascading: "cascade",
  threshold: "threshold",
  adaptive: "adaptive",
};

/** The strategy of a name in any case, undefined for a name that is none. */
export function toStrategy(name: string): Strategy | undefined {
  const key = name.trim().toLowerCase().replaceAll("-", "_");
  return Object.hasOwn(SPELLINGS, key) ? SPELLINGS[key] : undefined;
}

/**
 * Decides one concern; undefined when nobody voted.
 * - majority: more than half flag it; on a tie the mean score decides
 * - weighted, adaptive: mean score weighted by judge and confidence reaches 0.5
 * - unanimous: all flag it
 * - threshold: mean score reaches `threshold`
 * - cascade: the last judge asked decides, since asking stopped at the first sure one
 */
export function decideConcern(
  concern: Concern,
  votes: readonly Vote[],
  strategy: Strategy,
  threshold: number,
): ConcernDecision | undefined {
  const last = votes.at(-1);
  if (last === undefined) return undefined;
  const mean = votes.reduce((sum, vote) => sum + vote.score, 0) / votes.length;
  const flags = votes.filter((vote) => vote.flagged).length;
  const weighted = weightedMean(votes);
  const [flagged, score] = ((): [boolean, number] => {
    switch (strategy) {
      case "majority":
        return [flags * 2 === votes.length ? mean >= 0.5 : flags * 2 > votes.length, mean];
      case "unanimous":
        return [flags === votes.length, mean];
      case "threshold":
        return [mean >= threshold, mean];
      case "cascade":
        return [last.flagged, last.score];
      case "weighted":
      case "adaptive":
        return [weighted >= 0.5, weighted];
    }
  })();
  const agreeing = votes.filter((vote) => vote.flagged === flagged);
  const sureness = agreeing.reduce((sum, vote) => sum + vote.confidence, 0) / Math.max(1, agreeing.length);
  return {
    concern,
    flagged,
    score,
    confidence: (sureness * agreeing.length) / votes.length,
    voted: votes.length,
    agreed: agreeing.length,
  };
}

/** Whether no further judge needs to be asked. */
export function isSettled(votes: readonly Vote[], strategy: Strategy, threshold: number): boolean {
  const last = votes.at(-1);
  if (last === undefined) return false;
  if (strategy === "cascade") return last.confidence >= threshold;
  if (strategy !== "adaptive") return false;
  // Two that agree and are sure enough, or one that is nearly certain.
  if (votes.length === 1) return last.confidence >= (1 + threshold) / 2;
  return (
    votes.every((vote) => vote.flagged === last.flagged) && votes.some((vote) => vote.confidence >= threshold)
  );
}

function weightedMean(votes: readonly Vote[]): number {
  let sum = 0;
  let total = 0;
  for (const vote of votes) {
    const weight = vote.weight * Math.max(0.05, vote.confidence);
    sum += vote.score * weight;
    total += weight;
  }
  return total === 0 ? 0 : sum / total;
}
