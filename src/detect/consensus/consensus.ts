/** Asks judges, each within its time, and decides by a strategy; a judge that failed is reported and not counted. */
import type { MonotonicClock } from "#shared";
import { decideConcern, isSettled, type Vote } from "./strategies.ts";
import type {
  Concern,
  Consensus,
  ConsensusOptions,
  ConsensusResult,
  Judge,
  JudgeInput,
  Judgement,
  JudgeReport,
  Timer,
} from "./types.ts";

/** Defaults of a vote: the first seed's server uses majority with 0.7. */
export const DEFAULT_CONSENSUS: ConsensusOptions = {
  strategy: "majority",
  threshold: 0.7,
  timeoutMs: 10_000,
};

/** Timer on the platform's `setTimeout`, not keeping the process alive. */
export const platformTimer: Timer = {
  after(delayMs, callback) {
    const handle = setTimeout(callback, delayMs);
    handle.unref();
    return () => clearTimeout(handle);
  },
};

/**
 * A panel of judges. `decide` never rejects because of a judge.
 * @param judges any number, at least none; names should be distinct
 * @param clock measures each judge
 * @param timer runs the time-outs
 */
export function createConsensus(
  judges: readonly Judge[],
  clock: MonotonicClock,
  timer: Timer = platformTimer,
): Consensus {
  return {
    judges,
    async decide(input, given = {}) {
      const options = { ...DEFAULT_CONSENSUS, ...given };
      const startedMs = clock();
      const panel = judges.filter(
        (judge) =>
          (options.concern === undefined || judge.concern === options.concern) &&
          (options.names === undefined || options.names.includes(judge.name)),
      );
      const inSteps = options.strategy === "cascade" || options.strategy === "adaptive";
      const outcomes = inSteps
        ? await askInSteps(panel, input, options, clock, timer)
        : await Promise.all(panel.map((judge) => ask(judge, input, options.timeoutMs, clock, timer)));
      return summarise(outcomes, options, clock() - startedMs);
    },
  };
}

interface Outcome {
  readonly report: JudgeReport;
  readonly vote?: Vote;
}

async function askInSteps(
  panel: readonly Judge[],
  input: JudgeInput,
  options: ConsensusOptions,
  clock: MonotonicClock,
  timer: Timer,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const votes = new Map<Concern, Vote[]>();
  for (const judge of [...panel].sort((a, b) => a.costRank - b.costRank)) {
    const so = votes.get(judge.concern) ?? [];
    votes.set(judge.concern, so);
    if (isSettled(so, options.strategy, options.threshold)) {
      outcomes.push({ report: blank(judge, "skipped", "cheaper judges were sure", 0) });
      continue;
    }
    const outcome = await ask(judge, input, options.timeoutMs, clock, timer);
    outcomes.push(outcome);
    if (outcome.vote !== undefined) so.push(outcome.vote);
  }
  return outcomes;
}

/** Asks one judge; a failure or a time-out becomes a report. */
async function ask(
  judge: Judge,
  input: JudgeInput,
  timeoutMs: number,
  clock: MonotonicClock,
  timer: Timer,
): Promise<Outcome> {
  const startedMs = clock();
  const abort = new AbortController();
  let cancel = (): void => {};
  const late = new Promise<"late">((resolve) => {
    cancel = timer.after(timeoutMs, () => resolve("late"));
  });
  try {
    const judgement = await Promise.race([judge.judge(input, abort.signal), late]);
    const elapsedMs = clock() - startedMs;
    if (judgement === "late")
      return { report: blank(judge, "timed_out", `no answer within ${timeoutMs} ms`, elapsedMs) };
    return toOutcome(judge, judgement, elapsedMs);
  } catch (error) {
    // The message of a foreign error may quote the text under judgement; its name may not.
    const name = error instanceof Error ? error.name : "error";
    return { report: blank(judge, "failed", `the judge failed (${name})`, clock() - startedMs) };
  } finally {
    cancel();
    abort.abort();
  }
}

function toOutcome(judge: Judge, judgement: Judgement, elapsedMs: number): Outcome {
  if (judgement.kind === "not_assessed")
    return { report: blank(judge, "not_assessed", judgement.reasoning, elapsedMs) };
  const score = clamp(judgement.score);
  const confidence = clamp(judgement.confidence);
  if (Number.isNaN(score) || Number.isNaN(confidence))
    return { report: blank(judge, "failed", "the judge answered no number", elapsedMs) };
  return {
    report: {
      name: judge.name,
      concern: judge.concern,
      status: "voted",
      flagged: judgement.flagged,
      score,
      confidence,
      reasoning: judgement.reasoning,
      elapsedMs,
      tokensUsed: judgement.tokensUsed ?? 0,
      costUsd: judgement.costUsd ?? 0,
    },
    vote: { score, confidence, flagged: judgement.flagged, weight: judge.weight },
  };
}

function summarise(
  outcomes: readonly Outcome[],
  options: ConsensusOptions,
  totalMs: number,
): ConsensusResult {
  const results = outcomes.map((outcome) => outcome.report);
  const concerns = [...new Set(results.map((report) => report.concern))];
  const decisions = concerns.flatMap((concern) => {
    const votes = outcomes.flatMap((outcome) =>
      outcome.vote !== undefined && outcome.report.concern === concern ? [outcome.vote] : [],
    );
    const decision = decideConcern(concern, votes, options.strategy, options.threshold);
    return decision === undefined ? [] : [decision];
  });
  const flagged = decisions.filter((decision) => decision.flagged);
  const voted = decisions.reduce((sum, decision) => sum + decision.voted, 0);
  const agreed = decisions.reduce((sum, decision) => sum + decision.agreed, 0);
  const failed = results.filter(
    (report) => report.status === "failed" || report.status === "timed_out",
  ).length;
  const confidences = (flagged.length > 0 ? flagged : decisions).map((decision) => decision.confidence);
  return {
    strategy: options.strategy,
    flagged: flagged.length > 0,
    assessed: voted > 0,
    confidence:
      confidences.length === 0 ? 0 : flagged.length > 0 ? Math.max(...confidences) : Math.min(...confidences),
    agreement: voted === 0 ? 0 : agreed / voted,
    decisions,
    results,
    voted,
    agreed,
    failed,
    reasoning: reasoningOf(decisions, results, failed),
    totalMs,
    totalCostUsd: results.reduce((sum, report) => sum + report.costUsd, 0),
  };
}

function reasoningOf(
  decisions: ConsensusResult["decisions"],
  results: readonly JudgeReport[],
  failed: number,
): string {
  if (decisions.length === 0)
    return failed > 0
      ? "not assessed: every judge that was asked failed"
      : "not assessed: no judge could judge this input";
  const parts = decisions.map((decision) => {
    const names = results
      .filter(
        (report) =>
          report.concern === decision.concern &&
          report.status === "voted" &&
          report.flagged === decision.flagged,
      )
      .map((report) => `${report.name}: ${report.reasoning}`);
    return `${decision.concern} ${decision.flagged ? "flagged" : "not flagged"} by ${decision.agreed} of ${decision.voted} (${names.join("; ")})`;
  });
  return failed === 0
    ? parts.join(". ")
    : `${parts.join(". ")}. ${failed} judge(s) failed and were not counted`;
}

function blank(
  judge: Judge,
  status: JudgeReport["status"],
  reasoning: string,
  elapsedMs: number,
): JudgeReport {
  return {
    name: judge.name,
    concern: judge.concern,
    status,
    flagged: false,
    score: 0,
    confidence: 0,
    reasoning,
    elapsedMs,
    tokensUsed: 0,
    costUsd: 0,
  };
}

function clamp(value: number): number {
  return Number.isNaN(value) ? value : Math.min(1, Math.max(0, value));
}
