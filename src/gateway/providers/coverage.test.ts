import { describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY } from "#detect";
import { Leaves } from "../body/leaves.ts";
import { restoreAnswer } from "../body/restore-answer.ts";
import { textsOfAnswer } from "../cache/answer-texts.ts";
import { SseRestorer } from "../stream/stream-restorer.ts";
import { coverageMarkdown, coverageRows } from "./coverage.ts";
import { ENDPOINTS, type Endpoint } from "./endpoints.ts";
import { EXPECTED_PLACES } from "./expected-places.data.ts";
import { DATA, type Shape } from "./shape.ts";

const CANARY = "write to canary@example.com";
const guard = createGuard({ policy: { ...DEFAULT_POLICY, restoreIn: { urls: false, toolCalls: true } } });

/** A body with `value` at a path; `*` makes a list, `**` a field below, `(type)` sets the type of the object. */
function bodyWith(path: string, value: unknown): unknown {
  const steps = path.split(".").flatMap((step) => step.split(/(?=\()/));
  return steps.reduceRight<unknown>((below, step) => {
    if (step === "*") return [below];
    if (step === "**") return { field: [below] };
    if (step.startsWith("(")) return { type: step.slice(1, -1), ...(below as object) };
    return { [step]: below };
  }, value);
}

function isGuarded(endpoint: Endpoint, path: string, value: string): boolean {
  if (endpoint.request === undefined) return false;
  const leaves = new Leaves(64, "refuse");
  leaves.walk(bodyWith(path, value), endpoint.request);
  return leaves.texts.some((text) => text.includes(CANARY));
}

function endpointOf(route: string): Endpoint {
  const endpoint = ENDPOINTS.find(({ method, provider, path }) => route === `${method} /${provider}${path}`);
  if (endpoint === undefined) throw new Error(`no endpoint for ${route}`);
  return endpoint;
}

/** The places of text that the provider documents and that a table does not guard. */
function holes(endpoint: Endpoint, places: readonly string[]): string[] {
  return places.filter((place) => {
    try {
      const value = place.endsWith("arguments") ? JSON.stringify({ a: [CANARY] }) : CANARY;
      return !isGuarded(endpoint, place, value);
    } catch {
      return true;
    }
  });
}

describe("coverage of requests", () => {
  it.each(Object.entries(EXPECTED_PLACES))("has no hole in %s", (route, places) => {
    expect(holes(endpointOf(route), places)).toEqual([]);
  });

  it("covers every route with a body", () => {
    const routes = ENDPOINTS.filter(({ request }) => request !== undefined).map(
      ({ method, provider, path }) => `${method} /${provider}${path}`,
    );
    expect(Object.keys(EXPECTED_PLACES).toSorted()).toEqual(routes.toSorted());
  });

  it("guards in fact every field the matrix says is inspected", () => {
    const wrong = coverageRows()
      .filter(
        ({ direction, treatment }) =>
          direction === "request" && /inspected/.test(treatment) && !/not inspected|is not/.test(treatment),
      )
      // Another type is another shape, whose fields are not these.
      .filter(({ field }) => !field.endsWith(").type"))
      .filter(({ route, field, treatment }) => {
        const value = /JSON leaf/.test(treatment) ? JSON.stringify({ a: CANARY }) : CANARY;
        return !isGuarded(endpointOf(route), field, value);
      });
    expect(wrong).toEqual([]);
  });

  it("tells of every field that no guard reads, but for signatures and encrypted reasoning", () => {
    const silent = coverageRows()
      .filter(
        ({ direction, treatment, told }) =>
          direction === "request" && /not inspected/.test(treatment) && told === "",
      )
      .map(({ field }) => field.replace(/^.*\./, ""));
    expect(new Set(silent)).toEqual(new Set(["signature", "data", "encrypted_content"]));
  });

  it("turns red for a planted hole", () => {
    const chat = endpointOf("POST /openai/v1/chat/completions");
    const request = chat.request as Shape; // the endpoint has a body
    const planted: Endpoint = { ...chat, request: { ...request, fields: { ...request.fields, user: DATA } } };
    expect(holes(planted, EXPECTED_PLACES["POST /openai/v1/chat/completions"] ?? [])).toEqual(["user"]);
  });
});

describe("coverage of answers", () => {
  const vault = guard.createVault();
  vault.placeholderFor("EMAIL_ADDRESS", "canary@example.com");

  it("restores every field the matrix says is restored", () => {
    const wrong = coverageRows()
      .filter(({ direction, treatment }) => direction === "answer" && /^restored/.test(treatment))
      .filter(({ route, field }) => {
        const body = bodyWith(field, "see [EMAIL_1] there");
        restoreAnswer(body, endpointOf(route).answer, guard, vault, 64);
        return !JSON.stringify(body).includes("see canary@example.com there");
      });
    expect(wrong).toEqual([]);
  });

  it("restores every stream field the matrix says is restored", () => {
    const wrong = coverageRows()
      .filter(({ direction }) => direction === "stream")
      .filter(({ route, field }) => {
        const [event = "", path = ""] = field.split(": ");
        const { stream } = endpointOf(route);
        if (stream === undefined) return true;
        const type = event.replace("*", event === "response.*" ? "completed" : "done");
        const body = { type, ...(bodyWith(path, "see [EMAIL_1] there") as object) };
        if (event === "content_block_delta")
          Object.assign(body, { delta: { type: DELTA_TYPES[path], ...(body as { delta?: object }).delta } });
        const restorer = new SseRestorer(guard, vault, stream, 1 << 20);
        const bytes = restorer.push(Buffer.from(`data: ${JSON.stringify(body)}\n\n`));
        return !Buffer.concat([bytes, restorer.end(false)]).includes("see canary@example.com there");
      });
    expect(wrong).toEqual([]);
  });

  it("is what is looked at before an answer is kept: no restored field is left out", () => {
    const wrong = coverageRows()
      .filter(({ direction, treatment }) => direction !== "request" && /^restored/.test(treatment))
      .filter(({ route, direction, field }) => {
        const endpoint = endpointOf(route);
        if (endpoint.cache === undefined) return false;
        const text =
          direction === "answer" ? JSON.stringify(bodyWith(field, CANARY)) : streamWith(field, endpoint);
        const texts = textsOfAnswer(Buffer.from(text), direction === "stream", endpoint);
        // An answer that tells of an error is not kept at all.
        return texts !== null && !texts.some((found) => found.includes(CANARY));
      });
    expect(wrong).toEqual([]);
  });
});

/** A complete stream with the canary in one field of one event. */
function streamWith(place: string, { cache }: Endpoint): string {
  const [event = "", path = ""] = place.split(": ");
  const type = event.replace("*", event === "response.*" ? "in_progress" : "done");
  const body = { type, ...(bodyWith(path, CANARY) as object) };
  if (event === "content_block_delta")
    Object.assign(body, { delta: { type: DELTA_TYPES[path], ...(body as { delta?: object }).delta } });
  const last = cache?.lastEvent ?? "";
  const end = last.startsWith("[") ? last : JSON.stringify({ type: last });
  return `data: ${JSON.stringify(body)}\n\ndata: ${end}\n\n`;
}

const DELTA_TYPES: Readonly<Record<string, string>> = {
  "delta.text": "text_delta",
  "delta.thinking": "thinking_delta",
  "delta.partial_json": "input_json_delta",
  "delta.citation.cited_text": "citations_delta",
};

describe("the matrix as a page", () => {
  it("is the one in the documentation (vitest -u writes it anew)", async () => {
    await expect(coverageMarkdown()).toMatchFileSnapshot("../../../docs/coverage.md");
  });
});
