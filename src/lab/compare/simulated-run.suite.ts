/** Made-up runs for the comparison's tests: latencies that wander (autocorrelated) and drift, as real ones do. */
import type { RunResult, WindowStats } from "#contract";
import type { Random } from "#shared";
import { histogramOf, resultOf, statsOf } from "../fixture.suite.ts";

/** How a made-up run behaves. */
export interface SimulatedRun {
  readonly windows: number;
  readonly requestsPerWindow: number;
  /** Median latency, ms. */
  readonly medianMs: number;
  /** Spread of single latencies (sigma of the log). */
  readonly sigma: number;
  /** Spread (of the log) and first-order autocorrelation of the windows' level. */
  readonly levelSigma: number;
  readonly levelRho: number;
  /** The level at the end is up to so much above or below the start (share, drawn evenly). */
  readonly drift: number;
}

/** A typical run. */
export const TYPICAL_RUN: SimulatedRun = {
  windows: 60,
  requestsPerWindow: 40,
  medianMs: 40,
  sigma: 0.25,
  levelSigma: 0.02,
  levelRho: 0.6,
  drift: 0.02,
};

const ENDPOINTS = ["/a", "/b"];

/** A run of two endpoints. @param factor 1.1 = everything takes 10 % longer */
export function simulateRun(shape: SimulatedRun, factor: number, random: Random, id: string): RunResult {
  const drift = (2 * random() - 1) * shape.drift;
  let level = normal(random) * shape.levelSigma;
  const all = new Map<string, number[]>(ENDPOINTS.map((name) => [name, []]));
  const windows: WindowStats[] = [];
  for (let window = 0; window < shape.windows; window += 1) {
    level = shape.levelRho * level + Math.sqrt(1 - shape.levelRho ** 2) * shape.levelSigma * normal(random);
    const slope = drift * (window / shape.windows - 0.5);
    const rows = ENDPOINTS.map((name) => {
      const samples = Array.from({ length: shape.requestsPerWindow / ENDPOINTS.length }, () => {
        const ms = shape.medianMs * factor * Math.exp(level + slope + shape.sigma * normal(random));
        // Three digits, as the engine's histograms keep.
        return Number(ms.toPrecision(3));
      });
      all.get(name)?.push(...samples);
      return { method: "GET", name, count: samples.length, failures: 0, fromDue: histogramOf(samples) };
    });
    windows.push({ fromSec: window, toSec: window + 1, rows });
  }
  const requests = ENDPOINTS.map((name) => statsOf("GET", name, all.get(name) ?? []));
  return resultOf({ id, requests, windows });
}

/** Box and Muller's transform (Annals of Mathematical Statistics 29, 1958). */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
