/** Judges behind one interface and what a vote of them answers. */

/** What a judge looks for; only judges of the same concern vote together. */
export type Concern = "hallucination" | "injection" | "bias";

/** How votes become a decision. */
export type Strategy = "majority" | "weighted" | "unanimous" | "cascade" | "threshold" | "adaptive";

/** What is judged. */
export interface JudgeInput {
  /** The text under judgement (an answer, or a prompt for the injection judges). */
  readonly text: string;
  /** What was asked. */
  readonly prompt?: string;
  /** Reference that the text should agree with. */
  readonly context?: string;
}

/** What one judge says. A judge that cannot assess the input says so; it is then neither for nor against. */
export type Judgement =
  | {
      readonly kind: "assessed";
      /** Score of the concern in [0, 1]; 0.5 is the judge's own threshold. */
      readonly score: number;
      readonly flagged: boolean;
      /** How sure the judge is of its verdict, [0, 1]. */
      readonly confidence: number;
      readonly reasoning: string;
      readonly tokensUsed?: number;
      readonly costUsd?: number;
    }
  | { readonly kind: "not_assessed"; readonly reasoning: string };

/** A judge, local or remote. */
export interface Judge {
  readonly name: string;
  readonly concern: Concern;
  /** Order of asking for `cascade` and `adaptive`: local rules about 0, local models 1, remote models 10 and more. */
  readonly costRank: number;
  /** Weight of its vote for `weighted`, > 0. */
  readonly weight: number;
  /** Rejects when it failed; must stop when `signal` aborts. */
  judge(input: JudgeInput, signal: AbortSignal): Promise<Judgement>;
}

/** How a vote is held. */
export interface ConsensusOptions {
  readonly strategy: Strategy;
  /** Score for `threshold`, and confidence at which `cascade` and `adaptive` stop asking; [0, 1]. */
  readonly threshold: number;
  /** Time for each judge. */
  readonly timeoutMs: number;
  /** Ask only judges of this concern; absent: all, decided concern by concern. */
  readonly concern?: Concern;
  /** Ask only judges of these names; absent: all. */
  readonly names?: readonly string[];
}

/** What became of one judge. */
export interface JudgeReport {
  readonly name: string;
  readonly concern: Concern;
  readonly status: "voted" | "not_assessed" | "failed" | "timed_out" | "skipped";
  readonly flagged: boolean;
  readonly score: number;
  readonly confidence: number;
  readonly reasoning: string;
  readonly elapsedMs: number;
  readonly tokensUsed: number;
  readonly costUsd: number;
}

/** The decision about one concern. */
export interface ConcernDecision {
  readonly concern: Concern;
  readonly flagged: boolean;
  readonly score: number;
  readonly confidence: number;
  /** Judges that voted, and of those the ones that agree with the decision. */
  readonly voted: number;
  readonly agreed: number;
}

/** The outcome of a vote. */
export interface ConsensusResult {
  readonly strategy: Strategy;
  /** Whether any concern is flagged. */
  readonly flagged: boolean;
  /** False when no judge voted: then `flagged` means nothing. */
  readonly assessed: boolean;
  /** Of the decision that counts: the flagged one with most confidence, else the least sure one. */
  readonly confidence: number;
  /** Share of voting judges that agree with the decision of their concern, [0, 1]; 0 when none voted. */
  readonly agreement: number;
  readonly decisions: readonly ConcernDecision[];
  readonly results: readonly JudgeReport[];
  readonly voted: number;
  readonly agreed: number;
  readonly failed: number;
  readonly reasoning: string;
  readonly totalMs: number;
  readonly totalCostUsd: number;
}

/** Time-outs, handed in so that tests can move them. */
export interface Timer {
  /** Calls back once after `delayMs`; the answer cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Holds votes. */
export interface Consensus {
  readonly judges: readonly Judge[];
  decide(input: JudgeInput, options?: Partial<ConsensusOptions>): Promise<ConsensusResult>;
}
