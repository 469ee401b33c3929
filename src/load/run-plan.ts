/** What a run will do: scenario and overrides put together, checked, and described before anything starts. */
import type { PlannedClass, RunPlan } from "#contract";
import { RampartError } from "#shared";
import type { ExecutorPlan } from "./executors/executor.ts";
import { planExecutor } from "./executors/index.ts";
import type { ExecutorConfig } from "./model/executor-types.ts";
import type { HttpOptions } from "./model/http-types.ts";
import type { Scenario, ThresholdSpec } from "./model/scenario-types.ts";
import type { LoadShape } from "./model/shape-types.ts";
import type { UserClass } from "./model/user-types.ts";
import type { RunOverrides } from "./run-types.ts";
import { parseOrigin } from "./transport/http1/origin.ts";
import { createClassPicker } from "./user/class-shares.ts";
import { filterTasks, taskShares } from "./user/task-tree.ts";
import { threadCount } from "./workers/thread-count.ts";

const DEFAULT_SEED = 1;

/** Everything a run needs to know. */
export interface Settings {
  readonly scenario: Scenario;
  readonly host: string;
  readonly seed: number;
  readonly userClasses: readonly UserClass[];
  readonly executors: readonly ExecutorConfig[];
  readonly plans: readonly ExecutorPlan[];
  /** null = until stopped. */
  readonly runTimeSec: number | null;
  readonly peakUsers: number;
  readonly spawnRatePerSec: number;
  readonly http: HttpOptions;
  readonly thresholds: Readonly<Record<string, readonly ThresholdSpec[]>>;
  readonly stopTimeoutSec: number;
  readonly equalWeights: boolean;
  readonly processes: number;
}

/** Puts scenario and overrides together. @throws RMP_LOAD_SCENARIO_INVALID */
export function resolveSettings(
  scenario: Scenario,
  overrides: RunOverrides,
  shapes: Readonly<Record<string, () => LoadShape>>,
): Settings {
  const userClasses = chooseClasses(scenario, overrides);
  const host = (overrides.host ?? scenario.host ?? "").replace(/\/+$/, "");
  if (host === "" && userClasses.some((userClass) => userClass.host === undefined))
    throw new RampartError("RMP_LOAD_SCENARIO_INVALID", "no host: name one with --host or in the scenario", {
      field: "host",
    });
  for (const url of [host, ...userClasses.map((userClass) => userClass.host ?? "")])
    if (url !== "") parseOrigin(url);
  const executors = chooseExecutors(scenario, overrides, shapes);
  const plans = executors.map(planExecutor);
  const asked = overrides.runTimeSec === undefined ? scenario.runTimeSec : overrides.runTimeSec;
  return {
    scenario,
    host,
    seed: overrides.seed ?? scenario.seed ?? DEFAULT_SEED,
    userClasses,
    executors,
    plans,
    runTimeSec: runTime(plans, asked),
    peakUsers: plans.reduce((sum, plan) => sum + plan.peakUsers, 0),
    spawnRatePerSec: Math.max(...plans.map((plan) => plan.spawnRatePerSec)),
    http: withOverrides(scenario.http, overrides),
    thresholds: { ...scenario.thresholds, ...overrides.thresholds },
    stopTimeoutSec: overrides.stopTimeoutSec ?? scenario.stopTimeoutSec,
    equalWeights: overrides.equalWeights ?? false,
    processes: overrides.processes ?? 1,
  };
}

/** The plan as it goes into the results file. */
export function describePlan(settings: Settings): RunPlan {
  const isOpen = settings.plans.some((plan) => plan.isOpenModel);
  const classes = plannedClasses(settings);
  return {
    executors: settings.plans.map((plan) => plan.kind),
    users: settings.peakUsers,
    // JSON has no infinity; all at once is the peak within one second.
    spawnRatePerSec: Number.isFinite(settings.spawnRatePerSec)
      ? settings.spawnRatePerSec
      : settings.peakUsers,
    runTimeSec: settings.runTimeSec,
    meanWaitSec: isOpen ? null : classes.reduce((sum, entry) => sum + entry.share * entry.meanWaitSec, 0),
    requestsPerTask: settings.scenario.requestsPerTask,
    host: settings.host,
    workers: threadCount(settings.processes),
    tasks: Object.fromEntries(settings.userClasses.map((entry) => [entry.name, taskShares(entry.tasks)])),
    classes,
    ...arrivals(settings.executors),
  };
}

function chooseClasses(scenario: Scenario, overrides: RunOverrides): readonly UserClass[] {
  const { userClasses: names } = overrides;
  const unknown = names?.find((name) => !scenario.userClasses.some((userClass) => userClass.name === name));
  if (unknown !== undefined)
    throw new RampartError(
      "RMP_LOAD_SCENARIO_INVALID",
      `no user class ${unknown} in scenario ${scenario.name}`,
      {
        field: "userClasses",
      },
    );
  const chosen = scenario.userClasses
    .filter((userClass) => names === undefined || names.length === 0 || names.includes(userClass.name))
    .map((userClass) => ({
      ...userClass,
      ...overrides.classSettings?.[userClass.name],
      tasks: filterTasks(userClass.tasks, overrides.tags ?? [], overrides.excludeTags ?? []),
    }))
    .filter((userClass) => userClass.tasks.length > 0);
  if (chosen.length === 0)
    throw new RampartError("RMP_LOAD_SCENARIO_INVALID", "no task is left after the tags were applied", {
      field: "tags",
    });
  return chosen;
}

function chooseExecutors(
  scenario: Scenario,
  overrides: RunOverrides,
  shapes: Readonly<Record<string, () => LoadShape>>,
): readonly ExecutorConfig[] {
  if (overrides.executors !== undefined && overrides.executors.length > 0) return overrides.executors;
  if (overrides.shape !== undefined) {
    const known = { ...shapes, ...scenario.shapes };
    const shape = known[overrides.shape];
    if (shape === undefined)
      throw new RampartError(
        "RMP_LOAD_SCENARIO_INVALID",
        `no shape ${overrides.shape}; there are ${Object.keys(known).join(", ")}`,
        { field: "shape" },
      );
    return [{ kind: "shape", name: overrides.shape, shape }];
  }
  const isPlain = overrides.users !== undefined;
  if (!isPlain && scenario.executors.length > 0) return scenario.executors;
  if (!isPlain && scenario.shape !== undefined) return [{ kind: "shape", shape: scenario.shape }];
  const spawnRatePerSec = overrides.spawnRatePerSec ?? scenario.spawnRatePerSec;
  return [
    {
      kind: "constant-users",
      users: overrides.users ?? scenario.users ?? 1,
      ...(spawnRatePerSec === undefined ? {} : { spawnRatePerSec }),
    },
  ];
}

/** The shorter of what was asked for and what the executors need. */
function runTime(plans: readonly ExecutorPlan[], askedSec: number | null): number | null {
  const ends = plans.map((plan) => (plan.durationSec === null ? null : plan.startSec + plan.durationSec));
  const last = ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0));
  if (askedSec === null) return last;
  return last === null ? askedSec : Math.min(askedSec, last);
}

/** Highest arrival rate of the open executors together; nothing without one. */
function arrivals(executors: readonly ExecutorConfig[]): { readonly arrivalsPerSec?: number } {
  const rates = executors.flatMap((executor) => {
    if (executor.kind === "constant-arrival-rate") return executor.ratePerSec;
    if (executor.kind !== "ramping-arrival-rate") return [];
    return Math.max(executor.startRatePerSec ?? 0, ...executor.stages.map((stage) => stage.target));
  });
  return rates.length === 0 ? {} : { arrivalsPerSec: rates.reduce((sum, rate) => sum + rate, 0) };
}

/** The classes of the users at the peak, with their shares and waits. */
function plannedClasses(settings: Settings): readonly PlannedClass[] {
  const users = Math.max(1, Math.min(settings.peakUsers, 10_000));
  const picker = createClassPicker(settings.userClasses, settings.equalWeights);
  const counts = new Map<UserClass, number>();
  for (let slot = 0; slot < users; slot += 1) {
    const userClass = picker(slot);
    counts.set(userClass, (counts.get(userClass) ?? 0) + 1);
  }
  return [...counts].map(([userClass, count]) => ({
    name: userClass.name,
    share: count / users,
    meanWaitSec: userClass.wait.meanSec,
    isPaced: userClass.wait.kind === "constant-pacing" || userClass.wait.kind === "constant-throughput",
  }));
}

function withOverrides(http: HttpOptions, { ca, http2 }: RunOverrides): HttpOptions {
  return {
    ...http,
    ...(http2 === undefined ? {} : { http2 }),
    ...(ca === undefined ? {} : { tls: { ...http.tls, ca } }),
  };
}
