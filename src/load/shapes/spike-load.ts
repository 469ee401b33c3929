import type { LoadShape } from "../model/shape-types.ts";

/** Parameters of a load with bursts. */
export interface SpikeLoadOptions {
  readonly normalUsers: number;
  readonly spikeUsers: number;
  /** Seconds after the start at which the bursts begin. */
  readonly spikesAtSec: readonly number[];
  /** Seconds each burst lasts. */
  readonly spikeSec: number;
  readonly durationSec: number;
  /** Users started (and stopped) per second. */
  readonly spawnRatePerSec: number;
}

/** Ten users, three bursts of 100 for 20 s at 60, 180 and 300 s. Source: the second seed's `SpikeLoadShape`. */
export const SPIKE_LOAD_DEFAULTS: SpikeLoadOptions = {
  normalUsers: 10,
  spikeUsers: 100,
  spikesAtSec: [60, 180, 300],
  spikeSec: 20,
  durationSec: 360,
  spawnRatePerSec: 100,
};

/** A normal load that is broken by bursts. */
export function spikeLoadShape(options: Partial<SpikeLoadOptions> = {}): LoadShape {
  const chosen = { ...SPIKE_LOAD_DEFAULTS, ...options };
  const { normalUsers, spikeUsers, spikesAtSec, spikeSec, durationSec, spawnRatePerSec } = chosen;
  return {
    name: "SpikeLoadShape",
    durationSec,
    peakUsers: Math.max(normalUsers, spikeUsers),
    tick: ({ runTimeSec }) => {
      if (runTimeSec >= durationSec) return null;
      const isSpike = spikesAtSec.some((atSec) => runTimeSec >= atSec && runTimeSec < atSec + spikeSec);
      return [isSpike ? spikeUsers : normalUsers, spawnRatePerSec];
    },
  };
}
