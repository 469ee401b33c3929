import Type from "typebox";
import { closed, KIB, milliseconds } from "./fields.ts";

/** Bounds of the live monitor. */
export const MonitorConfigSchema = Type.Object(
  {
    connections: Type.Integer({
      minimum: 0,
      default: 12_000,
      description: "most connections to `/ws/monitor`, beside `client.connections`",
    }),
    eventsPerSec: Type.Integer({
      minimum: 1,
      default: 200,
      description:
        "most events a second, once for flagged requests and once for others; more are only counted",
    }),
    bufferBytes: Type.Integer({
      minimum: 1024,
      default: 256 * KIB,
      description: "unread bytes beyond which a connection is cut",
    }),
    keepAliveMs: milliseconds(30_000, "silence after which a keepalive is sent, and time between pings"),
    messageBytes: Type.Integer({ minimum: 256, default: 8 * KIB, description: "largest client message" }),
    messagesPerSec: Type.Integer({
      minimum: 1,
      default: 20,
      description: "most client messages a second",
    }),
  },
  { ...closed, default: {} },
);
