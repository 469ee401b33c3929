import Type, { type Static } from "typebox";
import { closed } from "./fields.ts";

/** An origin with an optional base path: no user info, query or fragment. */
const BASE_URL = "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$";

/** What may differ from host to host; times left out are those of `upstream`. */
const hostSettings = {
  baseUrl: Type.String({
    pattern: BASE_URL,
    description: "origin and optional base path of the provider; the route's `/v1/...` is appended",
  }),
  apiKey: Type.Optional(
    Type.String({
      minLength: 1,
      description: "the provider's key; when set it replaces whatever key the client sent",
    }),
  ),
  headers: Type.Optional(
    Type.Record(Type.String(), Type.String(), { description: "headers added to every upstream request" }),
  ),
  connectTimeoutMs: optionalMilliseconds("`upstream.connectTimeoutMs` of this provider"),
  headersTimeoutMs: optionalMilliseconds("`upstream.headersTimeoutMs` of this provider"),
  bodyTimeoutMs: optionalMilliseconds("`upstream.bodyTimeoutMs` of this provider"),
};

/** A further host of the same API, asked when those before it fail. */
export const FallbackConfigSchema = Type.Object(
  {
    name: Type.String({
      pattern: "^[\\w.-]{1,64}$",
      description: "name in `x-rampart-upstream` and metrics; unlike the provider's and the other fallbacks'",
    }),
    ...hostSettings,
    model: Type.Optional(
      Type.String({ minLength: 1, description: "model asked for instead of the one in the request" }),
    ),
  },
  closed,
);
/** A further host of the same API, asked when those before it fail. */
export type FallbackConfig = Static<typeof FallbackConfigSchema>;

/** One provider: where it is, with which key it is called, and who stands in for it. */
export const ProviderConfigSchema = Type.Object(
  {
    ...hostSettings,
    fallbacks: Type.Optional(
      Type.Array(FallbackConfigSchema, {
        maxItems: 8,
        description:
          "further hosts of the same API, asked in this order; a key that the client sent never goes to another origin",
      }),
    ),
  },
  closed,
);
/** One provider: where it is, with which key it is called, and who stands in for it. */
export type ProviderConfig = Static<typeof ProviderConfigSchema>;

function optionalMilliseconds(description: string) {
  return Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, description }));
}
