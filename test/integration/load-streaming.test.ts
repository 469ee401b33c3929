/** The load engine's streaming figures against the mock LLM's own record of when it wrote each chunk. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { MockConfig, RunResult } from "#contract";
import { defineScenario, defineUser, runScenario, type StreamResponse, task } from "#load";
import { createMockLlm, type MockLlm } from "#mock";
import { monotonicMs } from "#shared";

const OPENAI = {
  path: "/v1/chat/completions",
  body: {
    model: "gpt-4",
    stream: true,
    stream_options: { include_usage: true },
    messages: [{ role: "user", content: "Please say these eight plain words back." }],
  },
};
const ANTHROPIC = {
  path: "/v1/messages",
  body: {
    model: "claude-3-opus-20240229",
    max_tokens: 100,
    stream: true,
    messages: [{ role: "user", content: "Please say these eight plain words back." }],
  },
};
const STEADY: Partial<MockConfig> = {
  ttftMs: 40,
  tokensPerSec: 150,
  chunking: "event",
  charsPerEvent: 0,
  fault: "none",
};
const ITERATIONS = 7;
const REQUESTS = 2 * ITERATIONS;

let mock: MockLlm;
let host = "";

beforeAll(async () => {
  // The mock's times are then those of the engine's clock.
  mock = createMockLlm({ config: { ...STEADY, seed: 3 }, epoch: monotonicMs, monotonic: monotonicMs });
  host = (await mock.listen({ port: 0 })).url;
  // Compiling what runs for the first time would be measured as latency.
  await run(OPENAI);
});

afterAll(async () => {
  await mock.close();
});

async function run(call: typeof OPENAI | typeof ANTHROPIC): Promise<{
  result: RunResult;
  answers: readonly StreamResponse[];
  /** When each answer's request went out, monotonic ms. */
  sentAtMs: readonly number[];
  metric(name: string): number | undefined;
}> {
  const answers: StreamResponse[] = [];
  const sentAtMs: number[] = [];
  const caller = defineUser({
    name: "Caller",
    tasks: [
      task("stream", async (user) => {
        const startedAtMs = monotonicMs();
        const answer = await user.http.stream(call.path, { json: call.body, name: "stream" });
        answers.push(answer);
        sentAtMs.push(startedAtMs + answer.connectMs);
      }),
    ],
  });
  const executors = [{ kind: "per-user-iterations", users: 2, iterations: ITERATIONS }] as const;
  const scenario = defineScenario({ name: "stream", host, userClasses: [caller], executors });
  const result = await runScenario({ scenario });
  return {
    result,
    answers,
    sentAtMs,
    metric: (name) => result.metrics.find((entry) => entry.name === name)?.value,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

describe("streaming figures", () => {
  it.each([
    ["OpenAI", OPENAI],
    ["Anthropic", ANTHROPIC],
  ])("agree with what the mock wrote: %s", async (_name, call) => {
    mock.configure(STEADY);
    const before = mock.record.page({ after: 0, limit: 1000 }).total;
    const { result, answers, sentAtMs, metric } = await run(call);
    expect(result.total).toMatchObject({ count: REQUESTS, failures: 0 });
    expect(metric("llm_truncated")).toBe(0);
    expect(metric("llm_bundled")).toBeDefined();
    const { records } = mock.record.page({ after: before, limit: 1000 });
    expect(records).toHaveLength(REQUESTS);
    // Between the opening events and the closing ones lies one write for each token chunk.
    const { chunks } = answers[0]!;
    const opening = call === OPENAI ? 1 : records[0]!.chunkWrittenAtMs.length - chunks - 3;
    const written = records.map((record) => record.chunkWrittenAtMs.slice(opening, opening + chunks));
    const gaps = written.flatMap((times) => times.slice(1).map((atMs, index) => atMs - times[index]!));
    expect(Math.abs(median(answers.flatMap((answer) => answer.itlMs)) - median(gaps))).toBeLessThan(2);
    // Both lists hold the same requests in an order of their own: each first chunk belongs to the last request before it.
    const firsts = written.map(
      ([firstMs = 0]) => firstMs - Math.max(...sentAtMs.filter((atMs) => atMs < firstMs)),
    );
    expect(Math.abs(median(answers.map((answer) => answer.ttftMs!)) - median(firsts))).toBeLessThan(2);
  });

  it("flag chunks that bundle tokens", async () => {
    mock.configure({ ...STEADY, charsPerEvent: 60 });
    const { metric } = await run(OPENAI);
    expect(metric("llm_bundled")).toBe(1);
    expect(metric("llm_chunk_token_ratio")).toBeLessThan(0.5);
  });

  it("count streams that were cut as failures", async () => {
    mock.configure({ ...STEADY, fault: "cut" });
    const { result, metric } = await run(OPENAI);
    expect(result.total).toMatchObject({ count: REQUESTS, failures: REQUESTS });
    expect(result.errors.every((error) => error.family === "reset")).toBe(true);
    expect(metric("llm_truncated")).toBe(1);
  });
});
