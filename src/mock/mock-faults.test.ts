import { describe, expect, it } from "vitest";
import { chatBody, post, startMock, until } from "./mock-client.suite.ts";

const PATH = "/v1/chat/completions";
const stream = chatBody("one two three four five six seven eight nine ten", { stream: true });
const plain = chatBody("hello");

async function outcome(promise: Promise<Response>): Promise<string> {
  try {
    return await (await promise).text();
  } catch {
    return "broken";
  }
}

describe("faults", () => {
  it("hang: no byte until the client gives up", async () => {
    const { url, mock } = await startMock({ fault: "hang" });
    const abort = new AbortController();
    const answer = outcome(post(url + PATH, plain, {}, abort.signal));
    await until(() => mock.record.page().records[0]?.fault === "hang");
    expect(await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 50, "silence"))])).toBe(
      "silence",
    );
    abort.abort();
    expect(await answer).toBe("broken");
    await until(() => mock.record.page().records[0]?.aborted === true);
    expect(mock.record.page().records[0]).toMatchObject({ status: 0, fault: "hang" });
  });

  it("reset: the connection dies before the answer", async () => {
    const { url, mock } = await startMock({ fault: "reset" });
    const error = await post(url + PATH, plain).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ cause: { code: "ECONNRESET" } });
    expect(mock.record.page().records[0]).toMatchObject({ status: 0, fault: "reset", aborted: false });
  });

  it("cut: the connection ends inside the answer, plain and streaming", async () => {
    const { url, mock } = await startMock({ fault: "cut", faultAfterEvents: 3 });
    expect(await outcome(post(url + PATH, plain))).toBe("broken");
    const response = await post(url + PATH, stream);
    const reader = response.body!.getReader();
    let text = "";
    const rest = async (): Promise<void> => {
      for (let part = await reader.read(); !part.done; part = await reader.read())
        text += Buffer.from(part.value).toString();
    };
    await expect(rest()).rejects.toThrow();
    expect(text.match(/\n\n/g)).toHaveLength(3);
    expect(text).not.toMatch(/\n\n$/);
    expect(mock.record.page().records.map(({ fault, aborted }) => [fault, aborted])).toEqual([
      ["cut", false],
      ["cut", false],
    ]);
  });

  it("stall: the answer begins and never ends", async () => {
    const { url, mock } = await startMock({ fault: "stall", faultAfterEvents: 2 });
    for (const body of [stream, plain]) {
      const abort = new AbortController();
      const response = await post(url + PATH, body, {}, abort.signal);
      const reader = response.body!.getReader();
      expect((await reader.read()).done).toBe(false);
      abort.abort();
    }
    await until(() => mock.record.page().records.every(({ aborted }) => aborted === true));
    expect(mock.record.page().records[0]?.chunkWrittenAtMs).toHaveLength(2);
  });

  it("garbage: 200 and no JSON", async () => {
    const { url } = await startMock({ fault: "garbage" });
    const text = await outcome(post(url + PATH, plain));
    expect(() => JSON.parse(text)).toThrow();
    const events = await outcome(post(url + PATH, stream));
    expect(events).toMatch(/^data: /);
    expect(() => JSON.parse(events.slice("data: ".length))).toThrow();
  });

  it("hits the share of requests asked for, the same ones every time", async () => {
    const run = async (): Promise<string[]> => {
      const { url } = await startMock({ fault: "garbage", faultRate: 0.5, seed: 2 });
      const seen: string[] = [];
      for (let count = 0; count < 20; count += 1)
        seen.push((await outcome(post(url + PATH, plain))).startsWith("<<<") ? "fault" : "good");
      return seen;
    };
    const first = await run();
    expect(new Set(first)).toEqual(new Set(["fault", "good"]));
    expect(await run()).toEqual(first);
  });

  it("serves the next request after each fault", async () => {
    const { url, mock } = await startMock();
    for (const fault of ["reset", "cut", "garbage"] as const) {
      mock.configure({ fault });
      await outcome(post(url + PATH, plain));
      await outcome(post(url + PATH, stream));
      mock.configure({ fault: "none" });
      expect(await outcome(post(url + PATH, plain))).toContain("hello");
    }
  });
});

describe("errors", () => {
  it("answers the status asked for, with retry-after where it belongs", async () => {
    const { url, mock } = await startMock({ errorRate: 1, errorStatus: 503, retryAfterSec: 9 });
    const busy = await post(url + PATH, plain);
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "9"]);
    mock.configure({ errorStatus: 500 });
    const broken = await post(url + PATH, plain);
    expect([broken.status, broken.headers.get("retry-after")]).toEqual([500, null]);
    expect(await broken.json()).toMatchObject({ error: { type: "server_error" } });
  });

  it("limits requests a minute and tells it in each provider's headers", async () => {
    const { url } = await startMock({ rateLimitPerMin: 2 });
    const message = { model: "c", max_tokens: 9, messages: [{ role: "user", content: "x" }] };
    const first = await post(url + PATH, plain);
    expect(first.headers.get("x-ratelimit-limit-requests")).toBe("2");
    expect(first.headers.get("x-ratelimit-remaining-requests")).toBe("1");
    expect(first.headers.get("x-ratelimit-reset-requests")).toMatch(/^[\d.]+s$/);
    const second = await post(`${url}/v1/messages`, message);
    expect(second.headers.get("anthropic-ratelimit-requests-remaining")).toBe("0");
    const third = await post(`${url}/v1/messages`, message);
    expect(third.status).toBe(429);
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(50);
    expect(await third.json()).toMatchObject({ error: { type: "rate_limit_error" } });
  });

  it("refuses a body beyond the bound", async () => {
    const { url, mock } = await startMock({ bodyLimitBytes: 1000 });
    expect((await post(url + PATH, chatBody("x".repeat(1000)))).status).toBe(413);
    expect(mock.record.page().records[0]).toMatchObject({ status: 413, body: "" });
  });

  it("takes settings for one request from its header, and refuses wrong ones", async () => {
    const { url } = await startMock();
    const header = (value: unknown): Record<string, string> => ({ "x-mock-config": JSON.stringify(value) });
    expect((await post(url + PATH, plain, header({ errorRate: 1, errorStatus: 418 }))).status).toBe(418);
    expect((await post(url + PATH, plain)).status).toBe(200);
    const wrong = await post(url + PATH, plain, header({ recordLimit: 1 }));
    expect(wrong.status).toBe(400);
    expect((await post(url + PATH, plain, { "x-mock-config": "{" })).status).toBe(400);
  });
});
