import Type from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** How many conversations are remembered, and how long. */
export const SessionsConfigSchema = Type.Object(
  {
    max: Type.Integer({ minimum: 1, default: 10_000, description: "most conversations remembered" }),
    ttlMs: milliseconds(3_600_000, "time after its last request until a conversation is forgotten"),
  },
  { ...closed, default: {} },
);
