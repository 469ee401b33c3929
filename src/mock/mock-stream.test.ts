import { describe, expect, it } from "vitest";
import { chatBody, eventsOf, post, rawChunks, startMock, until } from "./mock-client.suite.ts";

const TEXT = "mail [EMAIL_1], schöne Grüße 😀";
const PATH = "/v1/chat/completions";

describe("chunking", () => {
  it("event: one write for each event, each noted", async () => {
    const { url, mock } = await startMock();
    const chunks = await rawChunks(url, PATH, chatBody(TEXT, { stream: true }));
    for (const chunk of chunks) expect(chunk.toString()).toMatch(/^data: [^\n]*\n\n$/);
    const record = mock.record.page().records[0];
    expect(record?.chunkWrittenAtMs).toHaveLength(chunks.length);
    expect([...record!.chunkWrittenAtMs].sort((a, b) => a - b)).toEqual(record?.chunkWrittenAtMs);
    expect(record?.chunkWrittenAtMs[0]).toBeGreaterThanOrEqual(record!.receivedAtMs);
    expect(record?.finishedAtMs).toBeGreaterThanOrEqual(record!.chunkWrittenAtMs.at(-1)!);
  });

  it("bytes: writes of the size asked for, inside placeholders and UTF-8 characters", async () => {
    const { url } = await startMock({ chunking: "bytes", chunkBytes: 1 });
    const plain = await startMock();
    const body = chatBody(TEXT, { stream: true });
    const chunks = await rawChunks(url, PATH, body);
    expect(chunks.every((chunk) => chunk.length === 1)).toBe(true);
    const whole = await rawChunks(plain.url, PATH, body);
    expect(Buffer.concat(chunks).equals(Buffer.concat(whole))).toBe(true);
    expect(Buffer.concat(chunks).toString()).toContain("😀");
  });

  it("random: sizes vary within the bound, repeat with the seed, and split characters", async () => {
    const body = chatBody("é".repeat(300), { stream: true });
    const sizes = async (seed: number): Promise<Buffer[]> => {
      const { url } = await startMock({ chunking: "random", chunkBytes: 11, charsPerEvent: 100, seed });
      return rawChunks(url, PATH, body);
    };
    const first = await sizes(4);
    const lengths = first.map((chunk) => chunk.length);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(11);
    expect(new Set(lengths).size).toBeGreaterThan(5);
    expect(first.some((chunk) => chunk.toString().includes("\ufffd"))).toBe(true);
    expect((await sizes(4)).map((chunk) => chunk.length)).toEqual(lengths);
    expect((await sizes(5)).map((chunk) => chunk.length)).not.toEqual(lengths);
    expect(eventsOf(Buffer.concat(first).toString()).at(-1)).toBe("[DONE]");
  });
});

describe("timing", () => {
  it("keeps time to first token and token rate", async () => {
    const { url, mock } = await startMock({ ttftMs: 40, tokensPerSec: 200, charsPerEvent: 4 });
    await (await post(url + PATH, chatBody("x".repeat(40), { stream: true }))).text();
    const { receivedAtMs, chunkWrittenAtMs, delayMs } = mock.record.page().records[0]!;
    expect(delayMs).toBe(40);
    expect(chunkWrittenAtMs[0]! - receivedAtMs).toBeGreaterThanOrEqual(39);
    const answerTokens =
      Math.ceil("Your message reached me as follows: \nThat is the whole of it.".length / 4) + 10;
    // The role event and the first piece come at once, every further piece 5 ms later; the last waits for none.
    const spanMs = chunkWrittenAtMs.at(-1)! - chunkWrittenAtMs[0]!;
    expect(spanMs).toBeGreaterThanOrEqual((answerTokens - 2) * 5);
    expect(spanMs).toBeLessThan(answerTokens * 5 + 2000);
  });

  it("delays plain answers too", async () => {
    const { url, mock } = await startMock({ ttftMs: 30, latencyDistribution: "uniform" });
    await (await post(url + PATH, chatBody("x"))).text();
    const { receivedAtMs, finishedAtMs, delayMs } = mock.record.page().records[0]!;
    expect(finishedAtMs! - receivedAtMs).toBeGreaterThanOrEqual(delayMs! - 1);
    expect(delayMs).not.toBe(30);
  });
});

describe("determinism", () => {
  async function run(seed: number): Promise<unknown[]> {
    const { url, mock } = await startMock({
      seed,
      errorRate: 0.3,
      ttftMs: 1,
      latencyDistribution: "exponential",
    });
    const seen: unknown[] = [];
    for (let count = 0; count < 12; count += 1) {
      const response = await post(url + PATH, chatBody(`text ${count}`, { stream: count % 2 === 0 }));
      seen.push([response.status, response.headers.get("x-request-id"), await response.text()]);
    }
    return [...seen, ...mock.record.page().records.map(({ delayMs }) => delayMs)];
  }

  it("same seed and sequence: same answers, ids, delays and errors", async () => {
    const [first, second, other] = [await run(3), await run(3), await run(4)];
    expect(second).toEqual(first);
    expect(other).not.toEqual(first);
  });

  it("setting the seed restarts the sequence", async () => {
    const { url, mock } = await startMock();
    const ask = async (): Promise<string> => (await post(url + PATH, chatBody("x"))).text();
    const first = await ask();
    expect(await ask()).not.toBe(first);
    mock.configure({ seed: 1 });
    expect(await ask()).toBe(first);
  });
});

describe("clients that leave or read slowly", () => {
  it("notices a client that goes in mid-stream, and writes no further", async () => {
    const { url, mock } = await startMock({ tokensPerSec: 100, charsPerEvent: 4 });
    const abort = new AbortController();
    const response = await post(url + PATH, chatBody("x".repeat(4000), { stream: true }), {}, abort.signal);
    await response.body?.getReader().read();
    abort.abort();
    await until(() => mock.record.page().records[0]?.aborted === true);
    const written = mock.record.page().records[0]?.chunkWrittenAtMs.length;
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(mock.record.page().records[0]?.chunkWrittenAtMs.length).toBe(written);
  });

  it("notices a client that goes while the answer is delayed", async () => {
    const { url, mock } = await startMock({ ttftMs: 60_000 });
    const abort = new AbortController();
    const failed = post(url + PATH, chatBody("x"), {}, abort.signal).catch(() => "gone");
    await until(() => mock.record.page().records[0]?.body !== undefined);
    abort.abort();
    expect(await failed).toBe("gone");
    await until(() => mock.record.page().records[0]?.aborted === true);
    expect(mock.record.page().records[0]?.status).toBe(0);
  });

  it("waits for a slow reader instead of filling memory", async () => {
    const { url, mock } = await startMock({ charsPerEvent: 4 });
    const text = "x".repeat(400_000);
    const response = await post(url + PATH, chatBody(text, { stream: true }));
    const reader = response.body!.getReader();
    await reader.read();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const early = mock.record.page().records[0]!.chunkWrittenAtMs.length;
    expect(early).toBeLessThan(100_000);
    let bytes = 0;
    for (let part = await reader.read(); !part.done; part = await reader.read()) bytes += part.value.length;
    expect(bytes).toBeGreaterThan(text.length);
    expect(mock.record.page().records[0]!.chunkWrittenAtMs.length).toBeGreaterThan(100_000);
  });
});
