import type { Origin } from "./origin.ts";
import { type EncodedBody, encodeRequest } from "./request-head.ts";

/** Requests kept; scenarios whose paths never repeat start over when it is reached. */
const WIRE_LIMIT = 1000;
/** Longest body kept, characters or bytes: what a scenario sends again and again is short. */
const BODY_LIMIT = 4096;

interface Wire {
  readonly method: string;
  readonly origin: Origin;
  readonly lines: string;
  readonly content: string | null;
  readonly contentType: string;
  readonly wire: string | Buffer;
}

/**
 * Requests as they were last put together, by path: most scenarios send the same few again and again, and a string that
 * was written once is flat, which saves joining its parts anew.
 */
export class WireCache {
  readonly #byTarget = new Map<string, Wire>();

  /** The request, ready for one write. @throws RMP_LOAD_SCENARIO_INVALID */
  get(
    method: string,
    origin: Origin,
    target: string,
    lines: string,
    body: EncodedBody | null,
  ): string | Buffer {
    const content = body === null ? null : body.content;
    // Bytes may be written over by their owner, and comparing long texts costs more than joining them.
    if (content !== null && (typeof content !== "string" || content.length > BODY_LIMIT))
      return encodeRequest(method, origin, target, lines, body);
    const contentType = body === null ? "" : body.contentType;
    const known = this.#byTarget.get(target);
    if (
      known !== undefined &&
      known.method === method &&
      known.lines === lines &&
      known.origin === origin &&
      known.content === content &&
      known.contentType === contentType
    )
      return known.wire;
    const wire = encodeRequest(method, origin, target, lines, body);
    if (this.#byTarget.size >= WIRE_LIMIT) this.#byTarget.clear();
    this.#byTarget.set(target, { method, origin, lines, content, contentType, wire });
    return wire;
  }
}
