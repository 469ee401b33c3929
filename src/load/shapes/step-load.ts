import type { LoadShape } from "../model/shape-types.ts";

/** Parameters of a stair. */
export interface StepLoadOptions {
  /** Users added by each step. */
  readonly stepUsers: number;
  /** Seconds each step lasts. */
  readonly stepSec: number;
  /** Users at the last step, which lasts as long as the others. */
  readonly maxUsers: number;
  /** Users started per second at each step. */
  readonly spawnRatePerSec: number;
}

/** Ten users more every 60 s up to 100. Source: the second seed's `StepLoadShape`. */
export const STEP_LOAD_DEFAULTS: StepLoadOptions = {
  stepUsers: 10,
  stepSec: 60,
  maxUsers: 100,
  spawnRatePerSec: 10,
};

/** A stair of users: each step adds the same number. */
export function stepLoadShape(options: Partial<StepLoadOptions> = {}): LoadShape {
  const { stepUsers, stepSec, maxUsers, spawnRatePerSec } = { ...STEP_LOAD_DEFAULTS, ...options };
  const durationSec = Math.ceil(maxUsers / stepUsers) * stepSec;
  return {
    name: "StepLoadShape",
    durationSec,
    peakUsers: maxUsers,
    tick: ({ runTimeSec }) => {
      if (runTimeSec >= durationSec) return null;
      return [Math.min(maxUsers, stepUsers * (Math.floor(runTimeSec / stepSec) + 1)), spawnRatePerSec];
    },
  };
}
