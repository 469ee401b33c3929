import { request } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import { createGateway } from "#gateway";
import { createMockLlm } from "#mock";

const mock = createMockLlm();
const provider = { baseUrl: (await mock.listen({ port: 0 })).url };
const gateway = createGateway({
  config: { port: 0, providers: { openai: provider, anthropic: provider } },
  guard: createGuard(),
  version: "0.0.0-test",
});
const { url } = await gateway.listen();
afterAll(async () => {
  await gateway.close();
  await mock.close();
});

interface Raw {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

function ask(path: string, headers: Record<string, string>, body?: unknown): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const sent = request(
      `${url}${path}`,
      { method: body === undefined ? "GET" : "POST", headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => resolve({ headers: answer.headers, body: Buffer.concat(chunks) }));
      },
    );
    sent.on("error", reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

describe("compression of the gateway's own pages", () => {
  it.each(["/docs", "/openapi.json"])("%s: as the client likes it, the same page each time", async (path) => {
    const plain = await ask(path, {});
    expect(plain.headers).toMatchObject({ vary: "accept-encoding" });
    expect(plain.headers).not.toHaveProperty("content-encoding");
    const brotli = await ask(path, { "accept-encoding": "gzip, br" });
    expect(brotli.headers).toMatchObject({
      "content-encoding": "br",
      "content-length": String(brotli.body.length),
      "content-type": plain.headers["content-type"],
    });
    expect(brotliDecompressSync(brotli.body)).toEqual(plain.body);
    const gzip = await ask(path, { "accept-encoding": "gzip;q=0.8, identity" });
    expect(gzip.headers).toMatchObject({ "content-encoding": "gzip" });
    expect(gunzipSync(gzip.body)).toEqual(plain.body);
    expect(gzip.body.length).toBeLessThan(plain.body.length / 3);
  });

  it.each(["application/json", "text/plain"])("/metrics as %s", async (accept) => {
    const { headers, body } = await ask("/metrics", { accept, "accept-encoding": "gzip" });
    expect(headers).toMatchObject({ "content-encoding": "gzip" });
    expect(gunzipSync(body).toString()).toContain("uptime_seconds");
  });

  it("leaves what fits into a packet, and everything of a provider, as it is", async () => {
    const live = await ask("/live", { "accept-encoding": "gzip" });
    expect(live.headers).not.toHaveProperty("content-encoding");
    const chat = {
      model: "gpt-4",
      messages: [{ role: "user", content: "Tell me a long story. ".repeat(200) }],
    };
    const headers = { "accept-encoding": "gzip, br", "content-type": "application/json" };
    for (const stream of [false, true]) {
      const answer = await ask("/v1/chat/completions", headers, { ...chat, stream });
      expect(answer.headers).not.toHaveProperty("content-encoding");
      expect(answer.body.toString()).toContain(stream ? "data: [DONE]" : '"choices"');
      expect(answer.body.length).toBeGreaterThan(1024);
    }
  });
});
