import Type from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** Time-outs and connections on the side of the clients. */
export const ClientConfigSchema = Type.Object(
  {
    headersTimeoutMs: milliseconds(10_000, "time for the header block of a request to arrive"),
    bodyTimeoutMs: milliseconds(15_000, "time for the body of a request to arrive"),
    idleTimeoutMs: milliseconds(65_000, "time an idle keep-alive connection is kept"),
    stalledTimeoutMs: milliseconds(60_000, "time a client may leave its answer unread before it is cut off"),
    connections: Type.Integer({
      minimum: 1,
      default: 10_000,
      description: "most open client connections",
    }),
  },
  { ...closed, default: {} },
);
