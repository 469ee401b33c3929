/** Samples kept per series; beyond, every second one is dropped and the next ones come half as often. */
const MAX_SAMPLES = 3600;
/** Series kept at most, known ones not counted. */
const MAX_SERIES = 150;

/** Bounded time series by name. */
export interface SeriesStore {
  /** @param isKept keeps the series even beyond the bound of names */
  add(name: string, atMs: number, value: number, isKept: boolean): void;
  /** Must be called once per round of samples, so that all series thin out together. */
  endRound(): void;
  /**
   * All series on the axis of seconds since `startMs`; series that never change are left out unless they are kept ones.
   */
  toData(startMs: number): Record<string, [number, number][]>;
}

/** Creates an empty store. */
export function createSeriesStore(): SeriesStore {
  const series = new Map<string, { readonly isKept: boolean; samples: [number, number][] }>();
  let stride = 1;
  let round = 0;
  return {
    add(name, atMs, value, isKept) {
      if (round % stride !== 0) return;
      const known = series.get(name);
      if (known !== undefined) known.samples.push([atMs, value]);
      else if (isKept || series.size < MAX_SERIES) series.set(name, { isKept, samples: [[atMs, value]] });
    },
    endRound() {
      round += 1;
      if ([...series.values()].every((entry) => entry.samples.length < MAX_SAMPLES)) return;
      stride *= 2;
      for (const entry of series.values())
        entry.samples = entry.samples.filter((_sample, index) => index % 2 === 0);
    },
    toData(startMs) {
      const data: Record<string, [number, number][]> = {};
      for (const [name, { isKept, samples }] of series) {
        const isConstant = samples.every(([, value]) => value === samples[0]?.[1]);
        if (isConstant && !isKept) continue;
        data[name] = samples.map(([atMs, value]) => [Math.round((atMs - startMs) / 100) / 10, value]);
      }
      return data;
    },
  };
}
