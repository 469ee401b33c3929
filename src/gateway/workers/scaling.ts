import type { ProcessesConfig } from "#contract";

/** How busy one process was in the last second. */
export interface WorkerLoad {
  /** In % of one core. */
  readonly cpuPercent: number;
  readonly eventLoopDelayMs: number;
}

/** What to do with the number of processes. */
export type ScaleStep = "up" | "down" | "stay";

/** Decides when a process more or less is needed: only what lasts counts, so that a short burst starts nothing. */
export class Scaling {
  private readonly config: ProcessesConfig;
  private busySinceMs: number | null = null;
  private idleSinceMs: number | null = null;

  constructor(config: ProcessesConfig) {
    this.config = config;
  }

  /** @param loads of every running process; call it about once a second */
  decide(loads: readonly WorkerLoad[], nowMs: number): ScaleStep {
    const { min, max, scaleUpAfterMs, scaleDownAfterMs } = this.config;
    this.busySinceMs = this.isTooMuch(loads) ? (this.busySinceMs ?? nowMs) : null;
    this.idleSinceMs = this.isTooLittle(loads) ? (this.idleSinceMs ?? nowMs) : null;
    if (loads.length < max && this.busySinceMs !== null && nowMs - this.busySinceMs >= scaleUpAfterMs) {
      this.busySinceMs = null;
      return "up";
    }
    if (loads.length > min && this.idleSinceMs !== null && nowMs - this.idleSinceMs >= scaleDownAfterMs) {
      this.idleSinceMs = null;
      return "down";
    }
    return "stay";
  }

  private isTooMuch(loads: readonly WorkerLoad[]): boolean {
    const { scaleUpCpuPercent, scaleUpDelayMs } = this.config;
    return (
      loads.length > 0 &&
      (totalCpu(loads) / loads.length > scaleUpCpuPercent ||
        loads.some(({ eventLoopDelayMs }) => eventLoopDelayMs > scaleUpDelayMs))
    );
  }

  private isTooLittle(loads: readonly WorkerLoad[]): boolean {
    return loads.length > 1 && totalCpu(loads) / (loads.length - 1) < this.config.scaleDownCpuPercent;
  }
}

function totalCpu(loads: readonly WorkerLoad[]): number {
  return loads.reduce((total, { cpuPercent }) => total + cpuPercent, 0);
}
