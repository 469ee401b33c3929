import type { IncomingHttpHeaders } from "node:http";
import { randomHex } from "#shared";
import { type TraceContext, toTraceparent } from "./trace-context.ts";

/** Decides which requests are traced. */
export interface TraceSource {
  /** Begins the trace of a request; null when it is not to be traced. */
  begin(headers: IncomingHttpHeaders): Trace | null;
}

/** What is remembered of a traced request on its way: who called, and when each step began. */
export class Trace {
  readonly traceId: string;
  /** Null when the request begins the trace. */
  readonly parentSpanId: string | null;
  /** Of the whole request. */
  readonly spanId: string;
  /** Of the call to the provider, which the provider is told. */
  readonly upstreamSpanId: string;
  /** Names of the steps that began, in their order. */
  readonly steps: string[] = [];
  /** When each of them began, monotonic ms. */
  readonly beganMs: number[] = [];

  constructor(parent: TraceContext | null) {
    this.traceId = parent?.traceId ?? randomHex(16);
    this.parentSpanId = parent?.parentSpanId ?? null;
    this.spanId = randomHex(8);
    this.upstreamSpanId = randomHex(8);
  }

  /** A step begins; the one before has ended. */
  mark(step: string, nowMs: number): void {
    this.steps.push(step);
    this.beganMs.push(nowMs);
  }

  /** The header that makes the provider's spans children of the call's. */
  get traceparent(): string {
    return toTraceparent(this.traceId, this.upstreamSpanId);
  }
}
