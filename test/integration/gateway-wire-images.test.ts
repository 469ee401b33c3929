import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY, type Policy } from "#detect";
import { createGateway, type Gateway } from "#gateway";

const file = (name: string) =>
  readFileSync(new URL(`../fixtures/images/${name}`, import.meta.url)).toString("base64");
/** A picture of a bill with a name and a number on it, and one of a single point. */
const INVOICE = file("invoice.png");
const POINT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

let provider: Server;
let providerUrl: string;
let received: string[] = [];
const open: Gateway[] = [];

beforeAll(async () => {
  provider = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += chunk;
    });
    request.on("end", () => {
      received.push(body);
      response.setHeader("content-type", "application/json");
      response.end('{"choices":[]}');
    });
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  providerUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});

afterEach(async () => {
  received = [];
  for (const gateway of open.splice(0)) await gateway.close();
});

afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

/** The injection detector finds nothing: these tests ask about pictures. */
const calm = {
  inspect: () => ({ score: 0, isInjection: false, level: "safe" as const, types: [], segments: [] }),
};

async function gatewayWith(images: Policy["images"], guard: object = {}): Promise<string> {
  const gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: providerUrl }, anthropic: { baseUrl: providerUrl } },
      guard,
    },
    guard: createGuard({ policy: { ...DEFAULT_POLICY, images }, models: { injection: () => calm } }),
    version: "0.0.0-test",
  });
  open.push(gateway);
  return (await gateway.listen()).url;
}

/** The same picture in every place where a request may hold one; `null`: only a place elsewhere is named. */
function requestsWith(base64: string | null): [path: string, body: object][] {
  const url = base64 === null ? "https://pictures.example/x.png" : `data:image/png;base64,${base64}`;
  const source =
    base64 === null ? { type: "url", url } : { type: "base64", media_type: "image/png", data: base64 };
  return [
    [
      "/v1/chat/completions",
      { messages: [{ role: "user", content: [{ type: "image_url", image_url: { url } }] }] },
    ],
    ["/v1/messages", { max_tokens: 9, messages: [{ role: "user", content: [{ type: "image", source }] }] }],
    [
      "/v1/messages",
      {
        max_tokens: 9,
        messages: [
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "t", content: [{ type: "image", source }] }],
          },
        ],
      },
    ],
    ["/v1/responses", { input: [{ role: "user", content: [{ type: "input_image", image_url: url }] }] }],
  ];
}

async function send(url: string, [path, body]: [string, object]) {
  const answer = await fetch(url + path, { method: "POST", body: JSON.stringify(body) });
  return {
    status: answer.status,
    text: await answer.text(),
    guards: answer.headers.get("x-rampart-guards") ?? "",
    failMode: answer.headers.get("x-rampart-fail-mode"),
  };
}

describe("pictures in requests", () => {
  it("pass unread by default, and the answer says so", async () => {
    const url = await gatewayWith("skip");
    for (const request of [...requestsWith(INVOICE), ...requestsWith(null)]) {
      const { status, guards } = await send(url, request);
      expect(status).toBe(200);
      expect(guards).toContain("image;skipped=not-inspected");
    }
    expect(received).toHaveLength(8);
  });

  it("are refused unread when the policy refuses pictures, wherever they are", async () => {
    const url = await gatewayWith("block");
    for (const request of [...requestsWith(POINT), ...requestsWith(null)]) {
      const { status, text } = await send(url, request);
      expect(status).toBe(400);
      expect(text).toContain("RMP_GUARD_BLOCKED");
    }
    expect(received).toEqual([]);
    expect((await send(url, ["/v1/chat/completions", { messages: [] }])).status).toBe(200);
  });

  it("are read when the policy says so: what holds personal data is refused, other pictures pass", async () => {
    const url = await gatewayWith("inspect");
    for (const request of requestsWith(INVOICE)) {
      const { status, text } = await send(url, request);
      expect(status, text).toBe(400);
      expect(text).toContain("a picture holds personal data");
    }
    expect(received).toEqual([]);
    for (const request of requestsWith(POINT)) {
      const { status, guards } = await send(url, request);
      expect(status).toBe(200);
      expect(guards).toContain("image;inspected=1");
    }
    expect(received).toHaveLength(4);
    expect(received[0]).toContain(POINT);
    const metrics = (await (await fetch(`${url}/metrics`)).json()) as { findings_by_type: object };
    expect(Object.keys(metrics.findings_by_type).length).toBeGreaterThan(0);
  });

  it.each(["closed", "open"])(
    "that cannot be read, or are elsewhere, follow the fail mode: %s",
    async (mode) => {
      const url = await gatewayWith("inspect", { imageFailMode: mode });
      for (const request of [
        ...requestsWith(null),
        ...requestsWith(Buffer.from("no picture").toString("base64")),
        ...requestsWith("***"),
      ]) {
        const { status, text, guards, failMode } = await send(url, request);
        if (mode === "closed") {
          expect(status).toBe(500);
          expect(text).toContain("RMP_GUARD_FAILED");
        } else {
          expect(status).toBe(200);
          expect(guards).toContain("image;skipped=failed");
          expect(failMode).toContain("open;failed=image");
        }
      }
      expect(received).toHaveLength(mode === "closed" ? 0 : 12);
    },
  );
});
