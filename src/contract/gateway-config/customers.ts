import Type, { type Static } from "typebox";
import { closed } from "./fields.ts";
import { CustomerLimitsSchema } from "./limits.ts";

/** Who may use the gateway, and as what. */
export const CustomerSchema = Type.Object(
  {
    name: Type.String({ pattern: "^[\\w.-]{1,64}$", description: "name in metrics, audit and monitor" }),
    tenant: Type.Optional(
      Type.String({
        pattern: "^[\\w.-]{1,64}$",
        description: "customers of one tenant share cached answers; default: the name",
      }),
    ),
    role: Type.Union([Type.Literal("caller"), Type.Literal("monitor"), Type.Literal("admin")], {
      default: "caller",
      description: "caller: proxy and detection; monitor: metrics and live monitor; admin: everything",
    }),
    keys: Type.Array(Type.String({ pattern: "^sha256:[0-9a-f]{64}$" }), {
      minItems: 1,
      description: "SHA-256 of each key; keys must be random, at least 128 bits",
    }),
    policy: Type.Optional(
      Type.String({ minLength: 1, description: "policy of this customer; default: the gateway's" }),
    ),
    limits: Type.Optional(CustomerLimitsSchema),
  },
  closed,
);
/** Who may use the gateway, and as what. */
export type Customer = Static<typeof CustomerSchema>;
