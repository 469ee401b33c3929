import { tokensOf } from "./answer-text.ts";
import type { MockSettings } from "./settings.ts";

/** Whose shapes an answer has. */
export type Provider = "openai" | "anthropic";

/** One server-sent event, framed and ready to write. */
export interface StreamEvent {
  readonly text: string;
  /** UTF-16 units of answer text in it; they decide when the next event is due. */
  readonly answerChars: number;
}

/** What a route makes of a request: a JSON body, a stream of events, or a refusal in the provider's error shape. */
export type Reply =
  | { readonly kind: "json"; readonly body: string }
  | { readonly kind: "stream"; readonly events: Iterator<StreamEvent> }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly message: string;
      /** The field the refusal is about. */
      readonly param: string | null;
    };

/** What a route knows beside the body. */
export interface ReplyContext {
  readonly settings: MockSettings;
  /** Unique within a seed and the same in every repetition: part of all ids of the answer. */
  readonly idSuffix: string;
  /** Seconds since the epoch for `created` fields: counted from a fixed day, so that answers repeat exactly. */
  readonly createdSec: number;
}

/** A route of a provider: parsed body in, reply out. */
export type Route = (body: Record<string, unknown>, context: ReplyContext) => Reply;

/** A refusal with status 400. */
export function refuse(message: string, param: string | null = null): Reply {
  return { kind: "refused", status: 400, message, param };
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value if it is a string, else the empty one. */
export function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** Tokens of all texts below a value, by the mock's rule; structure and field names do not count. */
export function tokensBelow(value: unknown): number {
  if (typeof value === "string") return tokensOf(value.length);
  if (typeof value !== "object" || value === null) return 0;
  let tokens = 0;
  for (const item of Object.values(value)) tokens += tokensBelow(item);
  return tokens;
}
