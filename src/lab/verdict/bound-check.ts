/**
 * Whether the figures of a run are possible at all: the rate must equal requests over duration, and a closed model
 * cannot be faster than its users' waits and the answers' latency allow (Little's law: users = rate x time per task).
 * A run that breaks either is INVALID, whatever its figures say.
 */
import type { PlannedClass, RunResult } from "#contract";
import { meanMs } from "../results/histogram.ts";
import { durationSec } from "../results/select.ts";

/** Relative slack for rates claimed by other tools, which round and start their clocks elsewhere. */
const CLAIM_SLACK = 0.02;
/** Relative slack between the one-second series and the totals: the seconds at both ends are cut. */
const SERIES_SLACK = 0.02;
/** Slack of the closed-model bound: 2 % and three standard errors of the mean of n random waits. */
const BOUND_SLACK = 0.02;
const BOUND_SIGMAS = 3;

/** Upper bound of a run's rate from its plan alone, requests per second; null when the plan does not tell. */
export function plannedRateBound(result: RunResult): number | null {
  const { arrivalsPerSec } = result.plan;
  const isArrivalsOnly = result.plan.executors.every((kind) => kind.endsWith("arrival-rate"));
  if (arrivalsPerSec !== undefined && isArrivalsOnly) return arrivalsPerSec * result.plan.requestsPerTask;
  const classes = classesOf(result);
  if (classes === null) return null;
  const tasksPerSec = classes.reduce(
    (sum, planned) => sum + (result.plan.users * planned.share) / planned.meanWaitSec,
    0,
  );
  return tasksPerSec * result.plan.requestsPerTask;
}

/** The reasons why a run's figures are impossible; empty when they hold. */
export function checkBounds(result: RunResult): string[] {
  return [...checkSums(result), ...checkClosedModel(result)];
}

function checkSums(result: RunResult): string[] {
  const reasons: string[] = [];
  const rate = result.total.count / durationSec(result);
  const claimed = result.claimedRatePerSec;
  if (claimed !== undefined && Math.abs(claimed - rate) > CLAIM_SLACK * Math.max(rate, claimed))
    reasons.push(
      `the reported rate of ${figure(claimed)}/s is not requests / duration: ${result.total.count} requests in ` +
        `${figure(durationSec(result))} s are ${figure(rate)}/s`,
    );
  const ofNames = result.requests.reduce((sum, stats) => sum + stats.count, 0);
  if (ofNames !== result.total.count)
    reasons.push(`the total says ${result.total.count} requests, the names together ${ofNames}`);
  const ofSeconds = result.series.reduce((sum, point) => sum + point.requests, 0);
  const slack = Math.max(SERIES_SLACK * result.total.count, 2 * result.plan.users);
  // Seconds may hold more than the total: statistics can be reset when all users are running.
  if (result.series.length > 0 && result.total.count - ofSeconds > slack)
    reasons.push(`the total says ${result.total.count} requests, the seconds together ${ofSeconds}`);
  return reasons;
}

/**
 * The bound per task: a user's cycle takes at least its wait and one answer, so
 * `tasks * (smallest mean wait + mean latency) <= user-seconds`, and over classes
 * `tasks <= sum of user-seconds(class) / (mean wait(class) + smallest latency)`; the first task of each user needs no wait.
 */
function checkClosedModel(result: RunResult): string[] {
  const classes = classesOf(result);
  const latencySec = (meanMs(result.total.fromSent) ?? 0) / 1000;
  if (classes === null || classes.length === 0 || result.total.count === 0) return [];
  const { userSeconds, started } = userTime(result);
  const tasks = result.total.count / result.plan.requestsPerTask;
  const shortestWaitSec = Math.min(...classes.map((planned) => (planned.isPaced ? 0 : planned.meanWaitSec)));
  const byMean = userSeconds / (shortestWaitSec + latencySec);
  const shortestSec = result.total.fromSent.minUs / 1e6;
  const byClass = classes.reduce(
    (sum, { share, meanWaitSec, isPaced }) =>
      sum +
      (userSeconds * share) / (isPaced ? Math.max(meanWaitSec, shortestSec) : meanWaitSec + shortestSec),
    0,
  );
  const allowed = (Math.min(byMean, byClass) + started) * (1 + BOUND_SLACK + BOUND_SIGMAS / Math.sqrt(tasks));
  if (tasks <= allowed) return [];
  const seconds = durationSec(result);
  return [
    `the rate of ${figure(result.total.count / seconds)}/s exceeds the closed-model bound of ` +
      `${figure((allowed * result.plan.requestsPerTask) / seconds)}/s that ${result.plan.users} users with their waits and a ` +
      `mean latency of ${figure(latencySec * 1000)} ms allow`,
  ];
}

function classesOf(result: RunResult): readonly PlannedClass[] | null {
  const { classes, meanWaitSec } = result.plan;
  if (meanWaitSec === null) return null;
  return classes ?? [{ name: "", share: 1, meanWaitSec, isPaced: false }];
}

function userTime(result: RunResult): { userSeconds: number; started: number } {
  if (result.series.length === 0)
    return { userSeconds: result.plan.users * durationSec(result), started: result.plan.users };
  let userSeconds = 0;
  let started = 0;
  let before = 0;
  for (const point of result.series) {
    userSeconds += Math.max(before, point.users);
    started += Math.max(0, point.users - before);
    before = point.users;
  }
  // Users that live shorter than a second are in no sample; the plan's peak is the least that may have started.
  return { userSeconds, started: Math.max(started, result.plan.users) };
}

function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
