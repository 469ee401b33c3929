import Type, { type Static } from "typebox";
import { closed } from "./fields.ts";

/** One provider: where it is and with which key it is called. */
export const ProviderConfigSchema = Type.Object(
  {
    baseUrl: Type.String({
      pattern: "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$",
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
  },
  closed,
);
/** One provider: where it is and with which key it is called. */
export type ProviderConfig = Static<typeof ProviderConfigSchema>;
