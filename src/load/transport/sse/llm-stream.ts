/**
 * Reads what an LLM's event stream says: text, reasoning, tool arguments, usage, end and error marks.
 * Sources: OpenAI API reference (chat completions, completions and responses streaming), Anthropic API reference
 * (Messages streaming).
 */

/** Dialect of a stream, known after its first event. */
export type Dialect = "openai-chat" | "openai-responses" | "anthropic" | "unknown";

/** What one event added. */
export interface EventGain {
  readonly content: string;
  readonly reasoning: string;
  readonly toolArguments: string;
}

const NOTHING: EventGain = { content: "", reasoning: "", toolArguments: "" };

type Json = Readonly<Record<string, unknown>>;

/** State of one stream. */
export class LlmStream {
  dialect: Dialect = "unknown";
  content = "";
  reasoning = "";
  readonly toolArguments: string[] = [];
  finishReason = "";
  outputTokens: number | null = null;
  /** The provider's end mark was seen. */
  hasEnded = false;
  /** Kind of the error event, empty without one. */
  errorKind = "";
  readonly #toolIndex = new Map<string, number>();

  /** Takes one event's data and says what it added. */
  take(data: string): EventGain {
    if (data === "[DONE]") {
      this.hasEnded = true;
      if (this.dialect === "unknown") this.dialect = "openai-chat";
      return NOTHING;
    }
    const json = parseObject(data);
    if (json === null) return NOTHING;
    const type = text(json["type"]);
    if (json["error"] !== undefined && json["error"] !== null) this.errorKind = errorKind(json["error"]);
    if (Array.isArray(json["choices"])) return this.#chat(json, json["choices"]);
    if (type.startsWith("response.")) return this.#responses(type, json);
    if (type === "error" && this.errorKind === "") this.errorKind = text(json["code"]) || "error";
    return this.#anthropic(type, json);
  }

  /** The stream ended without the mark its provider sends. */
  get isTruncated(): boolean {
    return this.dialect !== "unknown" && !this.hasEnded;
  }

  #chat(json: Json, choices: readonly unknown[]): EventGain {
    this.dialect = "openai-chat";
    this.#usage(json["usage"], "completion_tokens");
    let gain = NOTHING;
    for (const entry of choices) {
      const choice = object(entry);
      const delta = object(choice["delta"]);
      const finish = text(choice["finish_reason"]);
      if (finish !== "") this.finishReason = finish;
      const content = text(delta["content"]) + text(choice["text"]) + text(delta["refusal"]);
      const reasoning = text(delta["reasoning_content"]) + text(delta["reasoning"]);
      let tools = "";
      if (Array.isArray(delta["tool_calls"]))
        for (const call of delta["tool_calls"]) {
          const piece = text(object(object(call)["function"])["arguments"]);
          this.#tool(`${String(choice["index"])}/${String(object(call)["index"])}`, piece);
          tools += piece;
        }
      gain = this.#gain(gain, content, reasoning, tools);
    }
    return gain;
  }

  #responses(type: string, json: Json): EventGain {
    this.dialect = "openai-responses";
    const delta = text(json["delta"]);
    if (type === "response.completed" || type === "response.incomplete" || type === "response.failed") {
      const response = object(json["response"]);
      this.hasEnded = true;
      this.finishReason = text(response["status"]);
      this.#usage(response["usage"], "output_tokens");
      if (type === "response.failed") this.errorKind = errorKind(response["error"]);
      return NOTHING;
    }
    if (type === "response.output_text.delta" || type === "response.refusal.delta")
      return this.#gain(NOTHING, delta, "", "");
    if (type === "response.reasoning_text.delta" || type === "response.reasoning_summary_text.delta")
      return this.#gain(NOTHING, "", delta, "");
    if (type === "response.function_call_arguments.delta") {
      this.#tool(text(json["item_id"]), delta);
      return this.#gain(NOTHING, "", "", delta);
    }
    return NOTHING;
  }

  #anthropic(type: string, json: Json): EventGain {
    if (/^(?:message_|content_block_|ping$)/.test(type)) this.dialect = "anthropic";
    const delta = object(json["delta"]);
    if (type === "content_block_delta") {
      const piece = text(delta["partial_json"]);
      if (piece !== "") this.#tool(String(json["index"]), piece);
      return this.#gain(NOTHING, text(delta["text"]), text(delta["thinking"]), piece);
    }
    if (type === "message_delta") {
      this.finishReason = text(delta["stop_reason"]) || this.finishReason;
      this.#usage(json["usage"], "output_tokens");
    } else if (type === "message_stop") this.hasEnded = true;
    return NOTHING;
  }

  #gain(before: EventGain, content: string, reasoning: string, tools: string): EventGain {
    this.content += content;
    this.reasoning += reasoning;
    return {
      content: before.content + content,
      reasoning: before.reasoning + reasoning,
      toolArguments: before.toolArguments + tools,
    };
  }

  #tool(key: string, piece: string): void {
    const known = this.#toolIndex.get(key);
    if (known === undefined) {
      this.#toolIndex.set(key, this.toolArguments.length);
      this.toolArguments.push(piece);
    } else this.toolArguments[known] += piece;
  }

  #usage(usage: unknown, field: string): void {
    const tokens = object(usage)[field];
    if (typeof tokens === "number") this.outputTokens = tokens;
  }
}

function parseObject(data: string): Json | null {
  try {
    const value: unknown = JSON.parse(data);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? object(value) : null;
  } catch {
    return null;
  }
}

/** Anything that is no object reads as an empty one: absent fields and wrong types are the same to a reader. */
function object(value: unknown): Json {
  // Every non-null object can be read by string keys; arrays have none of the names asked for.
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Only the kind of an error: its message may quote the request. */
function errorKind(error: unknown): string {
  const kind = text(object(error)["type"]) || text(object(error)["code"]);
  return /^[\w.-]{1,60}$/.test(kind) ? kind : "error";
}
