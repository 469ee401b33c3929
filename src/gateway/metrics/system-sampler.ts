import { statfs } from "node:fs";
import { freemem, totalmem } from "node:os";
import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { MonotonicClock } from "#shared";

const SAMPLE_INTERVAL_MS = 1_000;
const DISK_INTERVAL_SAMPLES = 30;
const LOOP_RESOLUTION_MS = 20;
const GIB = 1024 ** 3;

/** Figures of this process and its machine, at most one second old; reading them costs nothing. */
export interface SystemFigures {
  /** CPU of this process in % of one core. */
  readonly cpuPercent: number;
  /** Memory of the machine in use, %. */
  readonly memoryPercent: number;
  readonly memoryAvailableGb: number;
  readonly diskPercent: number;
  readonly diskFreeGb: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** 99th percentile of the event-loop delay over the last second, ms above the sampling grain. */
  readonly eventLoopDelayMs: number;
}

/** Samples the process once a second. */
export interface SystemSampler {
  figures(): SystemFigures;
  stop(): void;
}

/** Starts sampling; {@link SystemSampler.stop} ends it. The timer keeps no process alive. */
export function createSystemSampler(clock: MonotonicClock): SystemSampler {
  const loop: IntervalHistogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  let usage = process.cpuUsage();
  let sampledMs = clock();
  let disk = { percent: 0, freeGb: 0 };
  let samples = 0;
  let figures = sample(0);

  function sample(cpuPercent: number): SystemFigures {
    const memory = process.memoryUsage();
    const delayMs = Math.max(0, loop.percentile(99) / 1e6 - LOOP_RESOLUTION_MS);
    loop.reset();
    return {
      cpuPercent,
      memoryPercent: round(100 * (1 - freemem() / totalmem())),
      memoryAvailableGb: round(freemem() / GIB),
      diskPercent: disk.percent,
      diskFreeGb: disk.freeGb,
      rssBytes: memory.rss,
      heapUsedBytes: memory.heapUsed,
      eventLoopDelayMs: round(delayMs),
    };
  }

  function sampleDisk(): void {
    statfs(process.cwd(), (error, stats) => {
      if (error !== null) return;
      disk = {
        percent: round(100 * (1 - stats.bavail / stats.blocks)),
        freeGb: round((stats.bavail * stats.bsize) / GIB),
      };
    });
  }

  sampleDisk();
  const timer = setInterval(() => {
    const nowMs = clock();
    const used = process.cpuUsage(usage);
    const elapsedMs = Math.max(1, nowMs - sampledMs);
    usage = process.cpuUsage();
    sampledMs = nowMs;
    samples += 1;
    if (samples % DISK_INTERVAL_SAMPLES === 0) sampleDisk();
    figures = sample(round((used.user + used.system) / 10 / elapsedMs));
  }, SAMPLE_INTERVAL_MS);
  timer.unref();
  return {
    figures: () => figures,
    stop() {
      clearInterval(timer);
      loop.disable();
    },
  };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
