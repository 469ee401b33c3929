import Type from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** When new requests are refused. */
export const OverloadConfigSchema = Type.Object(
  {
    activeRequests: Type.Integer({
      minimum: 1,
      default: 5_000,
      description: "requests under way beyond which new ones are answered 503",
    }),
    eventLoopDelayMs: milliseconds(
      2_000,
      "event-loop delay (99th percentile over a second) beyond which new requests are answered 503",
    ),
  },
  { ...closed, default: {} },
);
