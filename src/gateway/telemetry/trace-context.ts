/** Who called, in the words of W3C Trace Context. */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span of the caller. */
  readonly parentSpanId: string;
  readonly isSampled: boolean;
}

/** Source: W3C Trace Context, section 3.2.2; later versions may carry more behind the flags. */
const TRACEPARENT =
  /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const SAMPLED = 0x01;

/** Reads a `traceparent` header; null when there is none, or none that is valid. */
export function readTraceparent(header: string | readonly string[] | undefined): TraceContext | null {
  if (typeof header !== "string" || header.length > 256) return null;
  const match = TRACEPARENT.exec(header);
  if (match === null) return null;
  const [, traceId = "", parentSpanId = "", flags = ""] = match;
  return { traceId, parentSpanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) !== 0 };
}

/** The header for what is called next. */
export function toTraceparent(traceId: string, spanId: string): string {
  return `00-${traceId}-${spanId}-01`;
}
