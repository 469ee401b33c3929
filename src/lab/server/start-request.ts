import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import type { LabStartRequest } from "#contract";
import { RampartError } from "#shared";

const TEXTS = Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 });
const POSITIVE = Type.Number({ exclusiveMinimum: 0, maximum: 1e7 });

const START = Type.Object(
  {
    scenario: Type.String({ minLength: 1, maxLength: 100 }),
    host: Type.Optional(Type.String({ pattern: "^https?://\\S+$", maxLength: 500 })),
    users: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    spawnRatePerSec: Type.Optional(POSITIVE),
    runTimeSec: Type.Optional(Type.Union([POSITIVE, Type.Null()])),
    userClasses: Type.Optional(TEXTS),
    shape: Type.Optional(Type.String({ maxLength: 200 })),
    tags: Type.Optional(TEXTS),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 0xffffffff })),
    settings: Type.Optional(Type.Record(Type.String(), Type.String({ maxLength: 1000 }))),
  },
  { additionalProperties: false },
);

const USERS = Type.Object(
  {
    users: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    spawnRatePerSec: Type.Optional(POSITIVE),
  },
  { additionalProperties: false },
);

/** The body of `POST /api/run`. @throws RMP_REQ_INVALID naming the field */
export function parseStart(body: unknown): LabStartRequest {
  return check(START, body);
}

/** The body of `POST /api/run/users`. @throws RMP_REQ_INVALID naming the field */
export function parseUsers(body: unknown): Static<typeof USERS> {
  return check(USERS, body);
}

function check<T extends typeof START | typeof USERS>(schema: T, body: unknown): Static<T> {
  if (Value.Check(schema, body)) return body;
  const [first] = Value.Errors(schema, body);
  const field = first?.instancePath.replace(/^\//, "").replaceAll("/", ".") ?? "";
  throw new RampartError(
    "RMP_REQ_INVALID",
    `${field === "" ? "body" : field}: ${first?.message ?? "invalid"}`,
    {
      field,
    },
  );
}
