/** The executors of a run whose users only count: where and how they run is the dispatcher's business. */
import type { Executor, UserHandle } from "../executors/executor.ts";
import { createExecutor, planExecutor } from "../executors/index.ts";
import type { ExecutorConfig } from "../model/executor-types.ts";
import type { UserClass } from "../model/user-types.ts";
import type { Settings } from "../run-plan.ts";
import type { Scheduler } from "../scheduler.ts";
import { createClassPicker } from "../user/class-shares.ts";
import { isDispatched } from "./shared-work.ts";

/** What the executors tell and ask. */
export interface FleetPlanOptions {
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  /** Second 0 of the run, monotonic ms. */
  readonly startedMs: number;
  readonly currentUsers: () => number;
  /** One more or one less user of a class is wanted. */
  readonly addUser: (className: string) => void;
  readonly removeUser: (className: string) => void;
  /** A shape asked for a rate; infinite = all at once. */
  readonly rate: (ratePerSec: number) => void;
}

/** Creates the executors whose users are handed out and starts each at its time. */
export function startFleetPlan(options: FleetPlanOptions): readonly Executor[] {
  const { settings, scheduler, startedMs } = options;
  return settings.executors.filter(isDispatched).map((config) => {
    const startMs = startedMs + planExecutor(config).startSec * 1000;
    const executor = createOne(config, startMs, options);
    if (startMs <= scheduler.nowMs()) executor.start();
    else scheduler.at(startMs, () => executor.start());
    return executor;
  });
}

function createOne(config: ExecutorConfig, startMs: number, options: FleetPlanOptions): Executor {
  const { settings, scheduler } = options;
  const pickers = new Map<string, (slot: number) => UserClass>();
  return createExecutor(withRate(config, options.rate), {
    scheduler,
    share: { index: 0, count: 1 },
    startMs,
    classFor: (slot, only = null) => {
      const key = only === null ? "" : only.join("\n");
      let picker = pickers.get(key);
      if (picker === undefined) {
        const chosen = settings.userClasses.filter((entry) => only === null || only.includes(entry.name));
        picker = createClassPicker(chosen, settings.equalWeights);
        pickers.set(key, picker);
      }
      return picker(slot);
    },
    spawn: (userClass) => countedUser(userClass.name, options),
    randomFor: () => {
      throw new TypeError(`the executor ${config.kind} draws lots, which a fleet does not share`);
    },
    lag: () => {},
    undelivered: () => {},
    currentUsers: options.currentUsers,
  });
}

/** A shape whose rate is known here, for users that have to be started again. */
function withRate(config: ExecutorConfig, rate: (ratePerSec: number) => void): ExecutorConfig {
  if (config.kind !== "shape") return config;
  return {
    ...config,
    shape: () => {
      const shape = config.shape();
      return {
        name: shape.name,
        durationSec: shape.durationSec,
        peakUsers: shape.peakUsers,
        tick: (context) => {
          const answer = shape.tick(context);
          if (answer !== null) rate(answer[1] > 0 ? answer[1] : Number.POSITIVE_INFINITY);
          return answer;
        },
      };
    },
  };
}

function countedUser(className: string, options: FleetPlanOptions): UserHandle {
  let resolve: () => void = () => {};
  const ended = new Promise<void>((end) => {
    resolve = end;
  });
  let isEnded = false;
  options.addUser(className);
  return {
    requestStop: () => {
      if (isEnded) return;
      isEnded = true;
      options.removeUser(className);
      resolve();
    },
    ended,
  };
}
