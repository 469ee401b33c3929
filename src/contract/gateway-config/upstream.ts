import Type from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** Time-outs and connections on the side of the providers. */
export const UpstreamConfigSchema = Type.Object(
  {
    connectTimeoutMs: milliseconds(5_000, "time to connect to a provider, TLS included"),
    headersTimeoutMs: milliseconds(60_000, "time until the provider's answer begins"),
    bodyTimeoutMs: milliseconds(60_000, "longest silence inside the provider's answer"),
    connections: Type.Integer({
      minimum: 1,
      default: 256,
      description: "most connections to one provider",
    }),
    keepAliveMs: milliseconds(4_000, "time an idle upstream connection is kept"),
  },
  { ...closed, default: {} },
);
