import { request } from "undici";
import type { Concern, Judge, JudgeInput } from "#detect";
import { RampartError } from "#shared";
import { judgementMessages, parseVerdict } from "./verdict.ts";

/** A language model that judges, and how it is reached. */
export interface LlmJudgeOptions {
  /** Shown in votes. */
  readonly name: string;
  readonly concern: Concern;
  /** Shape of the provider's interface: Chat Completions of OpenAI, or Messages of Anthropic. */
  readonly api: "openai" | "anthropic";
  /** Origin and optional base path; `/v1/chat/completions` or `/v1/messages` is appended. */
  readonly baseUrl: string;
  /** Sent as the provider wants it; no header without one. */
  readonly apiKey?: string;
  readonly model: string;
  /** Time for the whole answer, ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** Most tokens of an answer. Default 200. */
  readonly maxTokens?: number;
  /** Weight of its vote. Default 1. */
  readonly weight?: number;
  /** Prices for the cost that a vote reports, US dollars per million tokens. Default 0. */
  readonly inputUsdPerMillion?: number;
  readonly outputUsdPerMillion?: number;
  /** Takes personal data out of what is judged before it leaves; the identity by default. */
  readonly redact?: (input: JudgeInput) => JudgeInput;
}

/** Largest answer that is read, bytes. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** Remote judges are asked after all local ones. */
const COST_RANK = 10;
/** Version header of Anthropic's interface. */
const ANTHROPIC_VERSION = "2023-06-01";

/** What is read of either provider's answer. */
interface Answer {
  readonly text: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * A judge that asks a language model. It rejects with RMP_BACKEND_UNAVAILABLE when the provider does not answer in time, not
 * with 200, or not with a verdict: such a vote is reported and not counted.
 */
export function createLlmJudge(options: LlmJudgeOptions): Judge {
  const { timeoutMs = 10_000, redact = (input) => input } = options;
  const { inputUsdPerMillion = 0, outputUsdPerMillion = 0 } = options;
  const base = options.baseUrl.replace(/\/$/, "");
  const url = `${base}${options.api === "openai" ? "/v1/chat/completions" : "/v1/messages"}`;
  return {
    name: options.name,
    concern: options.concern,
    costRank: COST_RANK,
    weight: options.weight ?? 1,
    async judge(input, signal) {
      const answer = await ask(
        url,
        options,
        redact(input),
        AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      );
      const { score, confidence, reason } = parseVerdict(answer.text);
      return {
        kind: "assessed",
        score,
        flagged: score >= 0.5,
        confidence: confidence ?? Math.max(score, 1 - score),
        reasoning: reason,
        tokensUsed: answer.inputTokens + answer.outputTokens,
        costUsd:
          (answer.inputTokens * inputUsdPerMillion + answer.outputTokens * outputUsdPerMillion) / 1_000_000,
      };
    },
  };
}

async function ask(
  url: string,
  options: LlmJudgeOptions,
  input: JudgeInput,
  signal: AbortSignal,
): Promise<Answer> {
  const { system, user } = judgementMessages(options.concern, input);
  const { api, apiKey, model, maxTokens = 200 } = options;
  const body =
    api === "openai"
      ? {
          model,
          temperature: 0,
          max_tokens: maxTokens,
          messages: [
            { role: "system", content: system },
            { role: "user", content: user },
          ],
        }
      : { model, temperature: 0, max_tokens: maxTokens, system, messages: [{ role: "user", content: user }] };
  const headers = { "content-type": "application/json", ...keyHeaders(api, apiKey) };
  let text: string;
  try {
    const response = await request(url, { method: "POST", headers, body: JSON.stringify(body), signal });
    text = await readBounded(response.body);
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
  } catch (cause) {
    throw new RampartError("RMP_BACKEND_UNAVAILABLE", `the judge ${options.name} did not answer`, { cause });
  }
  const answer = api === "openai" ? readOpenAi(parse(text)) : readAnthropic(parse(text));
  if (answer === undefined)
    throw new RampartError("RMP_BACKEND_UNAVAILABLE", `the judge ${options.name} answered in another shape`);
  return answer;
}

function keyHeaders(api: LlmJudgeOptions["api"], key: string | undefined): Record<string, string> {
  if (api === "openai") return key === undefined ? {} : { authorization: `Bearer ${key}` };
  return { "anthropic-version": ANTHROPIC_VERSION, ...(key === undefined ? {} : { "x-api-key": key }) };
}

async function readBounded(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > MAX_ANSWER_BYTES) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

// biome-ignore lint/suspicious/noExplicitAny: a foreign answer is read field by field, each checked
type Loose = any;

function parse(text: string): Loose {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readOpenAi(answer: Loose): Answer | undefined {
  const text: unknown = answer?.choices?.[0]?.message?.content;
  if (typeof text !== "string") return undefined;
  return {
    text,
    inputTokens: count(answer.usage?.prompt_tokens),
    outputTokens: count(answer.usage?.completion_tokens),
  };
}

function readAnthropic(answer: Loose): Answer | undefined {
  const block = Array.isArray(answer?.content)
    ? answer.content.find((part: Loose) => part?.type === "text")
    : undefined;
  if (typeof block?.text !== "string") return undefined;
  return {
    text: block.text,
    inputTokens: count(answer.usage?.input_tokens),
    outputTokens: count(answer.usage?.output_tokens),
  };
}

function count(value: unknown): number {
  return typeof value === "number" && value >= 0 ? value : 0;
}
