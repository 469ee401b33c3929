import { request } from "undici";
import type { TelemetryConfig } from "#contract";
import type { OtlpSpan } from "./spans.ts";

/** What became of traced requests. */
export interface ExportFigures {
  readonly exported: number;
  /** Left out because too many waited. */
  readonly dropped: number;
  /** Lost because the collector refused them or did not answer. */
  readonly failed: number;
}

/** What the exporter needs. */
export interface ExporterOptions {
  readonly config: TelemetryConfig & { readonly url: string };
  readonly version: string;
}

/** Sends spans as OTLP/HTTP JSON, in batches, one export at a time; what cannot be sent is dropped and counted. */
export class TraceExporter {
  private readonly options: ExporterOptions;
  private waiting: OtlpSpan[][] = [];
  private isSending = false;
  private timer: NodeJS.Timeout | null = null;
  private exported = 0;
  private dropped = 0;
  private failed = 0;

  constructor(options: ExporterOptions) {
    this.options = options;
  }

  /** Takes the spans of one request; returns at once. */
  offer(spans: OtlpSpan[]): void {
    const { queueRequests, batchRequests, intervalMs } = this.options.config;
    if (this.waiting.length >= queueRequests) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(spans);
    if (this.waiting.length >= batchRequests) void this.flush();
    else if (this.timer === null) {
      this.timer = setTimeout(() => void this.flush(), intervalMs);
      this.timer.unref();
    }
  }

  figures(): ExportFigures {
    const { exported, dropped, failed } = this;
    return { exported, dropped, failed };
  }

  /** Sends what waits; never rejects. */
  async close(): Promise<void> {
    await this.flush();
  }

  private async flush(): Promise<void> {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.isSending) return;
    this.isSending = true;
    try {
      while (this.waiting.length > 0) {
        const batch = this.waiting.splice(0, this.options.config.batchRequests);
        if (await this.send(batch)) this.exported += batch.length;
        else this.failed += batch.length;
      }
    } finally {
      this.isSending = false;
    }
  }

  /** @returns whether the collector took it */
  private async send(batch: readonly OtlpSpan[][]): Promise<boolean> {
    const { config, version } = this.options;
    try {
      const { statusCode, body } = await request(config.url, {
        method: "POST",
        headers: { ...config.headers, "content-type": "application/json" },
        body: JSON.stringify(toExport(config.serviceName, version, batch.flat())),
        signal: AbortSignal.timeout(config.timeoutMs),
      });
      await body.dump();
      return statusCode >= 200 && statusCode < 300;
    } catch {
      // What went wrong stands in the metrics; a collector that is away must not fill the log.
      return false;
    }
  }
}

/** Source: OpenTelemetry protocol 1.x, `ExportTraceServiceRequest` in its JSON mapping. */
function toExport(serviceName: string, version: string, spans: readonly OtlpSpan[]): object {
  const attributes = [
    { key: "service.name", value: { stringValue: serviceName } },
    { key: "service.version", value: { stringValue: version } },
  ];
  return {
    resourceSpans: [
      { resource: { attributes }, scopeSpans: [{ scope: { name: "rampart", version }, spans }] },
    ],
  };
}
