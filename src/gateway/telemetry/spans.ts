import { randomHex } from "#shared";
import type { Exchange } from "../exchange.ts";
import type { Trace } from "./trace.ts";

/** A span in OTLP's JSON form. Source: OpenTelemetry protocol 1.x, `trace.proto`, JSON mapping: ids in hex, times as text. */
export interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly OtlpAttribute[];
  readonly status: { readonly code: number };
}

/** An attribute in OTLP's JSON form; whole numbers are text. */
export interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

/** Source: `trace.proto`, SpanKind and StatusCode. */
const KIND = { internal: 1, server: 2, client: 3 } as const;
const STATUS = { unset: 0, error: 2 } as const;

/** Which span a step of the pipeline belongs to; a step that is not listed has one of its own. */
const STAGES: Readonly<Record<string, string>> = {
  accept: "accept",
  limit: "accept",
  read: "accept",
  reserve: "limit",
  walkLeaves: "guard",
  inspect: "guard",
  inspectImages: "guard",
  decide: "guard",
  rewrite: "guard",
  cache: "cache",
  sendUpstream: "upstream",
  restore: "restore",
  answerLocally: "answer",
  reply: "reply",
  record: "reply",
};

/**
 * The spans of a finished request: one for the whole and one for each stage, from real times. Names and numbers of the
 * gateway's own; never text, values or keys.
 * @param epochOffsetMs what makes an epoch time of a monotonic one
 */
export function spansOf(exchange: Exchange, trace: Trace, endMs: number, epochOffsetMs: number): OtlpSpan[] {
  const nano = (ms: number): string => `${Math.round((ms + epochOffsetMs) * 1_000)}000`;
  const { failure, caller, cacheState, upstreamHost } = exchange;
  const root: OtlpSpan = {
    traceId: trace.traceId,
    spanId: trace.spanId,
    ...(trace.parentSpanId === null ? {} : { parentSpanId: trace.parentSpanId }),
    name: `${exchange.route.method} ${exchange.route.name}`,
    kind: KIND.server,
    startTimeUnixNano: nano(exchange.startedMs),
    endTimeUnixNano: nano(endMs),
    attributes: [
      text("http.route", exchange.route.name),
      whole("http.response.status_code", exchange.status),
      text("rampart.request_id", exchange.requestId),
      whole("rampart.findings", exchange.findingCount),
      text("rampart.cache", cacheState),
      ...(caller === null ? [] : [text("rampart.customer", caller.name)]),
      ...(failure === null ? [] : [text("error.type", failure.code)]),
    ],
    status: { code: failure !== null && failure.status >= 500 ? STATUS.error : STATUS.unset },
  };
  const stages = stagesOf(trace, endMs).map(
    ({ stage, fromMs, toMs }): OtlpSpan => ({
      traceId: trace.traceId,
      spanId: stage === "upstream" ? trace.upstreamSpanId : randomHex(8),
      parentSpanId: trace.spanId,
      name: stage,
      kind: stage === "upstream" ? KIND.client : KIND.internal,
      startTimeUnixNano: nano(fromMs),
      endTimeUnixNano: nano(toMs),
      attributes:
        stage === "upstream" && upstreamHost !== null ? [text("rampart.provider", upstreamHost)] : [],
      status: { code: STATUS.unset },
    }),
  );
  return [root, ...stages];
}

interface Stage {
  readonly stage: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Steps of one stage that follow each other are one span. */
function stagesOf({ steps, beganMs }: Trace, endMs: number): Stage[] {
  const stages: Stage[] = [];
  steps.forEach((step, i) => {
    const stage = STAGES[step] ?? step;
    const fromMs = beganMs[i] ?? endMs;
    const toMs = beganMs[i + 1] ?? endMs;
    const last = stages.at(-1);
    if (last?.stage === stage) stages[stages.length - 1] = { ...last, toMs };
    else stages.push({ stage, fromMs, toMs });
  });
  return stages;
}

function text(key: string, value: string): OtlpAttribute {
  return { key, value: { stringValue: value } };
}

function whole(key: string, value: number): OtlpAttribute {
  return { key, value: { intValue: String(value) } };
}
