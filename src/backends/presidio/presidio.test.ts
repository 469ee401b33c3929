import type { RequestListener } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createGuard, inspectWithRemotes } from "#detect";
import { closeServices, serve } from "../http-service.suite.ts";
import { createPresidioRecogniser } from "./presidio.ts";

afterEach(closeServices);

/** Answers as Presidio does: offsets of every "Ada" in code points. */
const analyzer: RequestListener = (request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    const points = [...(JSON.parse(body) as { text: string }).text];
    const at =
      points.join("") === "" ? -1 : points.findIndex((_, i) => points.slice(i, i + 3).join("") === "Ada");
    const found = at < 0 ? [] : [{ entity_type: "PERSON", start: at, end: at + 3, score: 0.85 }];
    response.writeHead(request.url === "/analyze" ? 200 : 404).end(JSON.stringify(found));
  });
};

describe("createPresidioRecogniser", () => {
  it("turns code-point offsets into UTF-16 offsets", async () => {
    const recogniser = createPresidioRecogniser({ url: await serve(analyzer) });
    const text = "👋🏽 hello 😀 Ada!";
    const [finding] = await recogniser.find(text);
    expect(text.slice(finding?.start, finding?.end)).toBe("Ada");
    expect(finding).toMatchObject({ type: "PERSON", score: 0.85, source: "presidio" });
  });

  it.each<[string, RequestListener]>([
    ["an error status", (_, response) => response.writeHead(500).end("[]")],
    ["rubbish", (_, response) => response.end("<html>")],
    ["no list", (_, response) => response.end("{}")],
    ["findings without offsets", (_, response) => response.end('[{"entity_type":"PERSON"}]')],
    ["a reset", (request) => request.socket.destroy()],
    ["silence", () => {}],
  ])("rejects on %s", async (_, listener) => {
    const recogniser = createPresidioRecogniser({ url: await serve(listener), timeoutMs: 300 });
    await expect(recogniser.find("Ada")).rejects.toMatchObject({ code: "RMP_BACKEND_UNAVAILABLE" });
  });

  it("joins the guard's findings under the guard's policy, and a failed one is named", async () => {
    const guard = createGuard();
    const text = "Ada writes to ada@example.org";
    const up = createPresidioRecogniser({ url: await serve(analyzer) });
    const both = await inspectWithRemotes(guard, [up], text);
    expect(both.findings.map(({ type }) => type)).toEqual(["PERSON", "EMAIL_ADDRESS"]);
    const down = createPresidioRecogniser({ url: await serve((request) => request.socket.destroy()) });
    const one = await inspectWithRemotes(guard, [down], text);
    expect(one.findings.map(({ type }) => type)).toEqual(["EMAIL_ADDRESS"]);
    expect(one.failed).toEqual(["presidio"]);
  });
});
