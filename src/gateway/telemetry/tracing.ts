import type { TelemetryConfig } from "#contract";
import type { EpochClock, MonotonicClock, Random } from "#shared";
import type { ExchangeSink } from "../exchange.ts";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import { TraceExporter } from "./exporter.ts";
import { spansOf } from "./spans.ts";
import { Trace, type TraceSource } from "./trace.ts";
import { readTraceparent } from "./trace-context.ts";

/** Traces of a gateway process. */
export interface Tracing extends MetricsSource, TraceSource {
  /** Exports what a finished exchange remembered. */
  readonly sink: ExchangeSink;
  /** Exports what waits; never rejects. */
  close(): Promise<void>;
}

/** What tracing needs. */
export interface TracingOptions {
  readonly config: TelemetryConfig;
  readonly version: string;
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
  readonly random: Random;
}

/** Makes the tracing of a process; null without a collector. */
export function createTracing({ config, version, clock, epoch, random }: TracingOptions): Tracing | null {
  const { url, sampleRatio } = config;
  if (url === undefined) return null;
  const exporter = new TraceExporter({ config: { ...config, url }, version });
  return {
    begin(headers) {
      const caller = readTraceparent(headers["traceparent"]);
      const isTraced = caller === null ? random() < sampleRatio : caller.isSampled;
      return isTraced ? new Trace(caller) : null;
    },
    sink(exchange) {
      if (exchange.trace === null) return;
      const nowMs = clock();
      exporter.offer(spansOf(exchange, exchange.trace, nowMs, epoch() - nowMs));
    },
    close: () => exporter.close(),
    families(): readonly MetricFamily[] {
      const { exported, dropped, failed } = exporter.figures();
      return [
        {
          name: "rampart_trace_requests_total",
          type: "counter",
          help: "Traced requests, by what became of their spans.",
          samples: [
            { value: exported, labels: { result: "exported" } },
            { value: dropped, labels: { result: "dropped" } },
            { value: failed, labels: { result: "failed" } },
          ],
        },
      ];
    },
  };
}
