import { countTokens, messages } from "./anthropic-messages.ts";
import { listModels, oneModel } from "./models.ts";
import { chatCompletions } from "./openai-chat.ts";
import { completions } from "./openai-completions.ts";
import { embeddings } from "./openai-embeddings.ts";
import { moderations } from "./openai-moderations.ts";
import { responses } from "./openai-responses.ts";
import type { Provider, Reply, Route } from "./reply.ts";

/** Where a request goes: a route that wants a parsed body, an answer that needs none, or a refusal. */
export type Target =
  | { readonly kind: "route"; readonly provider: Provider; readonly route: Route }
  | { readonly kind: "reply"; readonly provider: Provider; readonly reply: Reply };

const MODEL_PREFIX = "/v1/models/";

const POST_ROUTES: ReadonlyMap<string, Target> = new Map<string, Target>([
  ["/v1/chat/completions", { kind: "route", provider: "openai", route: chatCompletions }],
  ["/v1/completions", { kind: "route", provider: "openai", route: completions }],
  ["/v1/responses", { kind: "route", provider: "openai", route: responses }],
  ["/v1/embeddings", { kind: "route", provider: "openai", route: embeddings }],
  ["/v1/moderations", { kind: "route", provider: "openai", route: moderations }],
  ["/v1/messages", { kind: "route", provider: "anthropic", route: messages }],
  ["/v1/messages/count_tokens", { kind: "route", provider: "anthropic", route: countTokens }],
]);

/**
 * Finds what answers a request, on the paths below the providers' own base URLs.
 * @param path without the query
 * @param rawHeaders names and values in turn; `anthropic-version` decides where both providers share a path
 */
export function findTarget(method: string, path: string, rawHeaders: readonly string[]): Target {
  const posted = POST_ROUTES.get(path);
  if (posted !== undefined) return method === "POST" ? posted : refusal(posted.provider, 405, method, path);
  const isAnthropic =
    path.startsWith("/v1/messages") || rawHeader(rawHeaders, "anthropic-version") !== undefined;
  const provider: Provider = isAnthropic ? "anthropic" : "openai";
  const isModels = path === "/v1/models" || path.startsWith(MODEL_PREFIX);
  if (!isModels) return refusal(provider, 404, method, path);
  if (method !== "GET") return refusal(provider, 405, method, path);
  const reply =
    path === "/v1/models" ? listModels(provider) : oneModel(provider, path.slice(MODEL_PREFIX.length));
  return { kind: "reply", provider, reply };
}

/** The first value of a header in node's raw list. @param name in lower case */
export function rawHeader(rawHeaders: readonly string[], name: string): string | undefined {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const candidate = rawHeaders[index]!;
    if (candidate.length === name.length && candidate.toLowerCase() === name) return rawHeaders[index + 1];
  }
  return undefined;
}

function refusal(provider: Provider, status: number, method: string, path: string): Target {
  const message =
    status === 405
      ? `method ${method} is not allowed here`
      : `unknown request URL: ${method} ${path.slice(0, 200)}`;
  return { kind: "reply", provider, reply: { kind: "refused", status, message, param: null } };
}
