/** Whether the generator itself delivered the load: its own delays and limits, and the verdict over a run. */

import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { cpuUsage, memoryUsage } from "node:process";
import type { ErrorStats, GeneratorHealth } from "#contract";
import type { MonotonicClock } from "#shared";
import { GENERATOR_LIMIT_CODES } from "./transport/errors.ts";

/** Bounds beyond which a run says nothing about the target. */
export const HEALTH_LIMITS = {
  /** How late work may begin after it was due, 99th percentile, ms. */
  scheduleLagP99Ms: 50,
  /** How long the event loop may be held up, 99th percentile, ms. */
  eventLoopDelayP99Ms: 50,
  /** Share of arrivals that may stay undelivered. */
  undeliveredShare: 0.001,
} as const;

/** Interval at which the loop's delay is sampled, ms; Node counts it into each sample. */
const LOOP_RESOLUTION_MS = 10;

/** One look at the worker. */
export interface HealthSample {
  /** CPU since the last sample, % of one core. */
  readonly cpuPercent: number;
  readonly memoryBytes: number;
  readonly eventLoopDelayP99Ms: number;
}

/** Watches the thread it was created in. */
export interface HealthProbe {
  sample(): HealthSample;
  stop(): void;
}

/**
 * Starts watching this thread's event loop and its CPU.
 * @param isThread true in one of several threads: Node tells CPU per process only, so the share of time in which the
 * thread's event loop was busy stands for it, and its heap for the process's memory
 */
export function createHealthProbe(nowMs: MonotonicClock, isThread = false): HealthProbe {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  delay.enable();
  const cpuPercent = isThread ? loopBusyPercent() : processCpuPercent(nowMs);
  return {
    sample: () => {
      const p99Ns = delay.count === 0 ? 0 : delay.percentile(99);
      return {
        cpuPercent: cpuPercent(),
        memoryBytes: isThread ? memoryUsage().heapTotal : memoryUsage.rss(),
        eventLoopDelayP99Ms: Math.max(0, p99Ns / 1e6 - LOOP_RESOLUTION_MS),
      };
    },
    stop: () => delay.disable(),
  };
}

/** CPU of the process since the last call, % of one core. */
function processCpuPercent(nowMs: MonotonicClock): () => number {
  let lastCpu = cpuUsage();
  let lastMs = nowMs();
  return () => {
    const cpu = cpuUsage();
    const atMs = nowMs();
    const usedUs = cpu.user - lastCpu.user + cpu.system - lastCpu.system;
    const elapsedMs = Math.max(1, atMs - lastMs);
    lastCpu = cpu;
    lastMs = atMs;
    return usedUs / 10 / elapsedMs;
  };
}

/** Share of time in which this thread's event loop did not wait, since the last call, %. */
function loopBusyPercent(): () => number {
  let last = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const since = performance.eventLoopUtilization(now, last);
    last = now;
    return since.utilization * 100;
  };
}

/** Figures of a whole run that the verdict rests on. */
export interface HealthFigures {
  readonly eventLoopDelayP99Ms: number;
  readonly cpuPercent: number;
  readonly scheduleLagP99Ms: number;
  readonly undelivered: number;
  /** Requests sent. */
  readonly requests: number;
  readonly connectionsOpened: number;
  readonly errors: readonly ErrorStats[];
  /** Faults the coordinator saw, such as a worker lost; one sentence each. */
  readonly faults: readonly string[];
}

/** The verdict: INVALID with one reason per limit that was hit, each with what to do. */
export function judgeHealth(figures: HealthFigures): GeneratorHealth {
  const reasons = [...figures.faults];
  const { scheduleLagP99Ms, eventLoopDelayP99Ms, undelivered } = figures;
  if (scheduleLagP99Ms > HEALTH_LIMITS.scheduleLagP99Ms)
    reasons.push(
      `requests began up to ${scheduleLagP99Ms.toFixed(1)} ms late (p99; bound ${HEALTH_LIMITS.scheduleLagP99Ms} ms): the generator is overloaded; use more processes, fewer users, or a free machine`,
    );
  if (eventLoopDelayP99Ms > HEALTH_LIMITS.eventLoopDelayP99Ms)
    reasons.push(
      `the generator's event loop was held up ${eventLoopDelayP99Ms.toFixed(1)} ms (p99; bound ${HEALTH_LIMITS.eventLoopDelayP99Ms} ms): look for heavy code in tasks, or for a CPU quota or other load on this machine`,
    );
  const due = figures.requests + undelivered;
  if (undelivered > due * HEALTH_LIMITS.undeliveredShare)
    reasons.push(
      `${undelivered} of ${due} arrivals were never sent (bound ${HEALTH_LIMITS.undeliveredShare * 100} %): raise maxUsers, or lower the rate below what the target answers`,
    );
  const exhausted = figures.errors.filter((error) =>
    [...GENERATOR_LIMIT_CODES].some((code) => error.message.includes(`(${code})`)),
  );
  if (exhausted.length > 0) {
    const count = exhausted.reduce((sum, error) => sum + error.count, 0);
    reasons.push(
      `${count} connections failed for want of ports or file descriptors on this machine (${exhausted[0]!.message}): raise ulimit -n, keep connections open, or use more machines`,
    );
  }
  return {
    verdict: reasons.length === 0 ? "valid" : "invalid",
    reasons,
    eventLoopDelayP99Ms,
    cpuPercent: figures.cpuPercent,
    scheduleLagP99Ms,
    undelivered,
    connectionsOpened: figures.connectionsOpened,
  };
}
