import { request } from "undici";
import type { Finding, RemoteRecogniser } from "#detect";
import { RampartError } from "#shared";

/** Where a Presidio analyzer is and how it is asked. */
export interface PresidioOptions {
  /** Origin and base path of the analyzer service, such as `http://127.0.0.1:5002`. */
  readonly url: string;
  /** Language code that Presidio is asked for. Default `en`. */
  readonly language?: string;
  /** Entity types asked for; all that the service knows by default. */
  readonly types?: readonly string[];
  /** Time for the whole answer, ms. Default 2,000. */
  readonly timeoutMs?: number;
}

/**
 * A recogniser over the Presidio analyzer service (`POST /analyze` with `text` and `language`, answering
 * `[{entity_type, start, end, score}]`). Presidio counts Unicode code points; offsets are turned into UTF-16 units.
 */
export function createPresidioRecogniser(options: PresidioOptions): RemoteRecogniser {
  const { language = "en", types = [], timeoutMs = 2_000 } = options;
  const url = new URL("analyze", options.url.endsWith("/") ? options.url : `${options.url}/`);
  return {
    name: "presidio",
    types,
    async find(text, signal) {
      const timeout = AbortSignal.timeout(timeoutMs);
      const body = JSON.stringify({ text, language, ...(types.length === 0 ? {} : { entities: types }) });
      let answer: unknown;
      try {
        const response = await request(url, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body,
          signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
        });
        answer = await response.body.json();
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
      } catch (cause) {
        throw unavailable("did not answer as expected", cause);
      }
      if (!Array.isArray(answer)) throw unavailable("answered no list of findings", undefined);
      const toUtf16 = createOffsetMap(text);
      return answer.map((item) => toFinding(item, toUtf16));
    },
  };
}

function unavailable(what: string, cause: unknown): RampartError {
  return new RampartError("RMP_BACKEND_UNAVAILABLE", `the Presidio analyzer ${what}`, { cause });
}

function toFinding(item: unknown, toUtf16: (codePoints: number) => number): Finding {
  const { entity_type: type, start, end, score } = (item ?? {}) as Record<string, unknown>;
  if (
    typeof type !== "string" ||
    typeof start !== "number" ||
    typeof end !== "number" ||
    typeof score !== "number"
  )
    throw unavailable("answered a finding without type, offsets or score", undefined);
  return {
    type,
    start: toUtf16(start),
    end: toUtf16(end),
    score,
    source: "presidio",
    evidence: ["presidio"],
  };
}

/** Maps code-point offsets to UTF-16 offsets; the identity when the text has no surrogate pairs. */
function createOffsetMap(text: string): (codePoints: number) => number {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return (offset) => offset;
  const offsets: number[] = [];
  let unit = 0;
  for (const character of text) {
    offsets.push(unit);
    unit += character.length;
  }
  offsets.push(unit);
  return (offset) => offsets[offset] ?? text.length;
}
