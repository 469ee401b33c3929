/** Builders of a scenario: they fill defaults in and refuse what cannot run, naming the field. */
import { parseTimeSpanSec, RampartError } from "#shared";
import type { Scenario, ScenarioOptions } from "./scenario-types.ts";
import type {
  Task,
  TaskFunction,
  TaskGroup,
  TaskNode,
  TaskOptions,
  TaskSetOptions,
  UserClass,
  UserOptions,
} from "./user-types.ts";
import { constant } from "./waits.ts";

const DEFAULT_STOP_TIMEOUT_SEC = 5;

/**
 * A task: one step of a virtual user, picked by weight.
 * @example task("health", { weight: 10 }, async (user) => { await user.http.get("/health"); })
 * @throws RMP_LOAD_SCENARIO_INVALID
 */
export function task<S = Record<string, unknown>>(name: string, run: TaskFunction<S>): Task<S>;
export function task<S = Record<string, unknown>>(
  name: string,
  options: TaskOptions,
  run: TaskFunction<S>,
): Task<S>;
export function task<S>(
  name: string,
  second: TaskOptions | TaskFunction<S>,
  third?: TaskFunction<S>,
): Task<S> {
  const options = typeof second === "function" ? {} : second;
  const run = typeof second === "function" ? second : third;
  if (run === undefined) throw invalid(`task ${name}`, "needs a function");
  return { kind: "task", name, ...nodeDefaults(`task ${name}`, options), run };
}

/** A nested set: picks its tasks by weight until `user.interrupt()` or `repeat` picks. @throws RMP_LOAD_SCENARIO_INVALID */
export function taskSet<S = Record<string, unknown>>(
  name: string,
  options: TaskSetOptions<S>,
  children: readonly TaskNode<S>[],
): TaskGroup<S> {
  return group("set", name, options, children, options.repeat ?? Number.POSITIVE_INFINITY);
}

/** A sequence: runs its tasks in order, `repeat` times (default once). @throws RMP_LOAD_SCENARIO_INVALID */
export function sequence<S = Record<string, unknown>>(
  name: string,
  options: TaskSetOptions<S>,
  children: readonly TaskNode<S>[],
): TaskGroup<S> {
  return group("sequence", name, options, children, options.repeat ?? 1);
}

/**
 * A class of virtual users.
 * @example defineUser({ name: "Caller", wait: between(1, 3), tasks: [task("health", (user) => user.http.get("/health").then(() => {}))] })
 * @throws RMP_LOAD_SCENARIO_INVALID
 */
export function defineUser<S = Record<string, unknown>>(options: UserOptions<S>): UserClass {
  const where = `user class ${options.name}`;
  if (options.name === "") throw invalid("user class", "needs a name");
  if (options.tasks.length === 0) throw invalid(where, "has no tasks");
  const defined = {
    name: options.name,
    weight: positive(options.weight ?? 1, `${where}: weight`),
    fixedCount: wholeNumber(options.fixedCount ?? 0, `${where}: fixedCount`),
    host: options.host === undefined ? undefined : trimSlash(options.host),
    wait: options.wait ?? constant(0),
    http: options.http ?? {},
    state: options.state,
    onStart: options.onStart,
    onStop: options.onStop,
    tasks: options.tasks,
  };
  // The state type lives only between the functions of one class; the engine hands each function the state that the
  // class itself made, so forgetting S here is sound.
  return defined as unknown as UserClass;
}

/**
 * A scenario; export it as the module's default.
 * @throws RMP_LOAD_SCENARIO_INVALID
 */
export function defineScenario(options: ScenarioOptions): Scenario {
  if (options.name === "") throw invalid("scenario", "needs a name");
  if (options.userClasses.length === 0) throw invalid("scenario", "has no userClasses");
  const names = options.userClasses.map((userClass) => userClass.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalid(`user class ${twice}`, "is named twice");
  return {
    kind: "rampart-scenario",
    name: options.name,
    description: options.description ?? "",
    host: options.host === undefined ? undefined : trimSlash(options.host),
    users: options.users === undefined ? undefined : wholeNumber(options.users, "users"),
    spawnRatePerSec: options.spawnRate === undefined ? undefined : positive(options.spawnRate, "spawnRate"),
    runTimeSec: runTimeSec(options.runTime),
    seed: options.seed,
    userClasses: options.userClasses,
    executors: options.executors ?? [],
    shape: options.shape,
    shapes: options.shapes ?? {},
    http: options.http ?? {},
    targets: options.targets,
    thresholds: options.thresholds ?? {},
    tags: options.tags ?? [],
    beside: options.beside,
    faults: options.faults,
    notes: options.notes ?? [],
    requestsPerTask: positive(options.requestsPerTask ?? 1, "requestsPerTask"),
    stopTimeoutSec: options.stopTimeoutSec ?? DEFAULT_STOP_TIMEOUT_SEC,
    setup: options.setup,
    teardown: options.teardown,
  };
}

function group<S>(
  kind: "set" | "sequence",
  name: string,
  options: TaskSetOptions<S>,
  children: readonly TaskNode<S>[],
  repeat: number,
): TaskGroup<S> {
  const where = `${kind} ${name}`;
  if (children.length === 0) throw invalid(where, "has no tasks");
  return {
    kind,
    name,
    ...nodeDefaults(where, options),
    repeat: positive(repeat, `${where}: repeat`),
    children,
    onStart: options.onStart,
    onStop: options.onStop,
  };
}

function nodeDefaults(where: string, options: TaskOptions): Pick<Task, "weight" | "tags" | "wait"> {
  return {
    weight: positive(options.weight ?? 1, `${where}: weight`),
    tags: options.tags ?? [],
    wait: options.wait,
  };
}

function runTimeSec(value: string | number | undefined): number | null {
  if (value === undefined) return null;
  if (typeof value === "number") return positive(value, "runTime");
  try {
    return parseTimeSpanSec(value, "runTime");
  } catch (cause) {
    throw invalid("runTime", "expected seconds or a time span like 60s, 5m or 1h30m", cause);
  }
}

function positive(value: number, field: string): number {
  if (typeof value !== "number" || Number.isNaN(value) || value <= 0)
    throw invalid(field, "must be a number above 0");
  return value;
}

function wholeNumber(value: number, field: string): number {
  if (!Number.isInteger(value) || value < 0) throw invalid(field, "must be a whole number >= 0");
  return value;
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}

function invalid(field: string, problem: string, cause?: unknown): RampartError {
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `${field}: ${problem}`, { field, cause });
}
