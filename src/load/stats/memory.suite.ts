/** Memory of the statistics over many samples and a long run: one measure for the short and the long proof. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { StatsDelta } from "./delta.ts";
import { Recorder } from "./recorder.ts";
import { RunStats } from "./run-stats.ts";

/** What a measurement took. */
export interface MemoryUse {
  /** Growth of heap and array buffers, MiB. */
  readonly mib: number;
  readonly samples: number;
  readonly seconds: number;
}

const NAMES = ["/health", "/metrics", "/chat", "/completions", "/messages"];

/**
 * Records `samplesPerSec` samples in each of `seconds` simulated seconds through recorder and coordinator and says how
 * much memory stays. Latencies spread over six orders of magnitude, so that the histograms grow as large as they can.
 */
export function measureStatsMemory(seconds: number, samplesPerSec: number): MemoryUse {
  const before = used();
  const recorder = new Recorder("w", { startedAtMs: 0, epochOffsetMs: 0 });
  const stats = new RunStats(60);
  let seq = 0;
  const merge = (deltas: readonly StatsDelta[]) => {
    for (const delta of deltas) {
      seq += 1;
      stats.add({
        workerId: "w",
        seq,
        delta,
        users: 10,
        usersByClass: { U: 10 },
        cpuPercent: 1,
        memoryBytes: 1,
        eventLoopDelayP99Ms: 0,
      });
    }
  };
  for (let second = 0; second < seconds; second += 1) {
    for (let index = 0; index < samplesPerSec; index += 1) {
      const endMs = second * 1000 + (index * 1000) / samplesPerSec;
      const latencyMs = 0.05 * 10 ** ((index * 7.3 + second) % 6);
      recorder.request(
        "GET",
        NAMES[index % NAMES.length]!,
        endMs - latencyMs - 1,
        endMs - latencyMs,
        endMs,
        100,
      );
    }
    merge(recorder.take((second + 1) * 1000));
    stats.closeSeconds(second + 1);
  }
  const total = stats.total();
  if (total.count !== seconds * samplesPerSec || stats.series.length !== seconds)
    throw new Error("the statistics lost samples or seconds");
  const mib = (used() - before) / 2 ** 20;
  return { mib, samples: stats.total().count, seconds: stats.series.length };
}

/** Bytes in use after a collection, so that garbage does not count. */
function used(): number {
  setFlagsFromString("--expose-gc");
  // The flag makes a function of this name appear in contexts created after it.
  const collect = runInNewContext("gc") as () => void;
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}
