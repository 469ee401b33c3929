import type { Provider, Reply } from "./reply.ts";

/** Models that the mock lists; requests may name any other just as well. */
const MODELS: Readonly<Record<Provider, readonly string[]>> = {
  openai: ["gpt-4", "gpt-4o", "gpt-4o-mini", "gpt-3.5-turbo-instruct", "text-embedding-3-small"],
  anthropic: ["claude-3-opus-20240229", "claude-3-5-sonnet-20241022", "claude-3-5-haiku-20241022"],
};

/** 2023-11-14T22:13:20Z, a fixed day for everything the mock dates. */
export const MOCK_EPOCH_SEC = 1_700_000_000;

/** `GET /v1/models` in the provider's shape. */
export function listModels(provider: Provider): Reply {
  const names = MODELS[provider];
  const data = names.map((name) => modelOf(provider, name));
  const list =
    provider === "openai"
      ? { object: "list", data }
      : { data, has_more: false, first_id: names[0], last_id: names.at(-1) };
  return { kind: "json", body: JSON.stringify(list) };
}

/** `GET /v1/models/NAME`; 404 for a name that is not listed. */
export function oneModel(provider: Provider, name: string): Reply {
  return MODELS[provider].includes(name)
    ? { kind: "json", body: JSON.stringify(modelOf(provider, name)) }
    : { kind: "refused", status: 404, message: "the model does not exist", param: "model" };
}

function modelOf(provider: Provider, name: string): Record<string, unknown> {
  return provider === "openai"
    ? { id: name, object: "model", created: MOCK_EPOCH_SEC, owned_by: "rampart-mock" }
    : {
        type: "model",
        id: name,
        display_name: name,
        created_at: new Date(MOCK_EPOCH_SEC * 1000).toISOString(),
      };
}
