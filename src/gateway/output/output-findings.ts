import type { Guard, OutputAction } from "#detect";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import type { OutputListener } from "./output-scan.ts";

/** Counts what is found in answers, by entity type and what became of it. */
export class OutputFigures implements MetricsSource {
  private readonly found = new Map<
    string,
    { readonly type: string; readonly action: OutputAction; count: number }
  >();

  /** Counts one value. */
  count(type: string, action: OutputAction): void {
    const key = `${type} ${action}`;
    const entry = this.found.get(key) ?? { type, action, count: 0 };
    entry.count += 1;
    this.found.set(key, entry);
  }

  families(): readonly MetricFamily[] {
    return [
      {
        name: "rampart_output_findings_total",
        type: "counter",
        help: "Values in answers that the model wrote of its own accord, by entity type and what became of them.",
        samples: [...this.found.values()].map(({ type, action, count }) => ({
          value: count,
          labels: { type, action },
        })),
      },
    ];
  }
}

/** What the scan of one answer found. */
export class OutputFindings implements OutputListener {
  redacted = 0;
  blocked = 0;
  /** The guard crashed and the answer was passed unread. */
  hasFailed = false;
  private readonly figures: OutputFigures;
  private readonly guardFailed: (cause: unknown) => Guard | null;

  /** @param guardFailed counts a crash of the guard; throws, or tells which guard stands in for it */
  constructor(figures: OutputFigures, guardFailed: (cause: unknown) => Guard | null) {
    this.figures = figures;
    this.guardFailed = guardFailed;
  }

  onFinding(type: string, action: OutputAction): void {
    if (action === "block") this.blocked += 1;
    else this.redacted += 1;
    this.figures.count(type, action);
  }

  onGuardFailure(cause: unknown): Guard | null {
    const standIn = this.guardFailed(cause);
    this.hasFailed ||= standIn === null;
    return standIn;
  }
}
