import Type from "typebox";
import { MONITOR_LEVELS } from "#contract";
import { validatorOf } from "../routes/validated.ts";
import type { DetectionFacts } from "./detection-facts.ts";

const name = Type.String({ maxLength: 200 });

/** An event on its way to the monitors of another process or instance: facts only, and nothing else passes. */
const SharedEventSchema = Type.Object(
  {
    agent_id: name,
    tenant: Type.Union([name, Type.Null()]),
    request_id: name,
    route: name,
    status: Type.Integer(),
    flagged: Type.Boolean(),
    findings: Type.Record(Type.String({ maxLength: 100 }), Type.Integer()),
    injection_score: Type.Union([Type.Number(), Type.Null()]),
    injection_level: Type.Union([...MONITOR_LEVELS.map((level) => Type.Literal(level)), Type.Null()]),
    fail_mode: Type.Union([Type.Literal("none"), Type.Literal("open"), Type.Literal("closed")]),
    failed_guards: Type.Array(name, { maxItems: 20 }),
    error_code: Type.Union([Type.String({ pattern: "^RMP_[A-Z_]{1,60}$" }), Type.Null()]),
    processing_time_ms: Type.Number(),
    endedAtMs: Type.Number(),
  },
  { additionalProperties: false },
);

/** What instances send each other over Redis. */
const SharedEventsSchema = Type.Object({
  from: name,
  events: Type.Array(SharedEventSchema, { maxItems: 10_000 }),
});

const validate = validatorOf(SharedEventsSchema);

/** An event on its way to the monitors of another process. */
export type SharedEvent = DetectionFacts;

/** Events of one instance as a message. */
export function toMessage(from: string, events: readonly SharedEvent[]): string {
  return JSON.stringify({ from, events });
}

/** Reads a message of another instance; null for what is none (another version, another sender). */
export function fromMessage(text: string): { from: string; events: readonly SharedEvent[] } | null {
  try {
    // error codes are those of the sender's catalogue
    return validate(JSON.parse(text)) as { from: string; events: SharedEvent[] };
  } catch {
    return null;
  }
}
