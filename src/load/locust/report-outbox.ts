/** Reports that a worker sent and that were not acknowledged yet. */
import type { WorkerReport } from "../stats/delta.ts";
import { RESEND_AFTER_MS } from "./peer-protocol.ts";

/** Numbers reports from 1 without gaps and keeps each until it is acknowledged. */
export class ReportOutbox {
  #lastSeq = 0;
  readonly #waiting: { readonly report: WorkerReport; sentAtMs: number }[] = [];

  /** Takes a report for sending. @returns it under its number */
  add(report: WorkerReport, nowMs: number): WorkerReport {
    this.#lastSeq += 1;
    const numbered = { ...report, seq: this.#lastSeq };
    this.#waiting.push({ report: numbered, sentAtMs: nowMs });
    return numbered;
  }

  /** The master has everything up to `seq`. */
  acknowledge(seq: number): void {
    while (this.#waiting.length > 0 && this.#waiting[0]!.report.seq <= seq) this.#waiting.shift();
  }

  /** Reports to send again, oldest first: all of them once the oldest has waited too long, for the master takes no gaps. */
  due(nowMs: number): readonly WorkerReport[] {
    const oldest = this.#waiting[0];
    if (oldest === undefined || nowMs - oldest.sentAtMs < RESEND_AFTER_MS) return [];
    for (const entry of this.#waiting) entry.sentAtMs = nowMs;
    return this.#waiting.map((entry) => entry.report);
  }

  /** Reports under way. */
  get size(): number {
    return this.#waiting.length;
  }
}
