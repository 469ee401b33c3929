import type { Origin } from "./origin.ts";
import { encodeRequest } from "./request-head.ts";

/** Requests kept; scenarios whose paths never repeat start over when it is reached. */
const WIRE_LIMIT = 1000;

interface Wire {
  readonly method: string;
  readonly origin: Origin;
  readonly lines: string;
  readonly wire: string | Buffer;
}

/**
 * Requests without a body as they were last put together, by path: most scenarios send the same few again and again, and
 * a string that was written once is flat, which saves joining its parts anew.
 */
export class WireCache {
  readonly #byTarget = new Map<string, Wire>();

  /** The request, ready for one write. @throws RMP_LOAD_SCENARIO_INVALID */
  get(method: string, origin: Origin, target: string, lines: string): string | Buffer {
    const known = this.#byTarget.get(target);
    if (
      known !== undefined &&
      known.method === method &&
      known.lines === lines &&
      (known.origin === origin || isSame(known.origin, origin))
    )
      return known.wire;
    const wire = encodeRequest(method, origin, target, lines, null);
    if (this.#byTarget.size >= WIRE_LIMIT) this.#byTarget.clear();
    this.#byTarget.set(target, { method, origin, lines, wire });
    return wire;
  }
}

function isSame(a: Origin, b: Origin): boolean {
  return a.authority === b.authority && a.basePath === b.basePath;
}
