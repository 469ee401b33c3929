import Type, { type Static } from "typebox";
import type { ErrorCode } from "#shared";

/** Levels of injection risk, lowest first. */
export const MONITOR_LEVELS = ["safe", "low", "medium", "high", "critical"] as const;
/** A level of injection risk. */
export type MonitorLevel = (typeof MONITOR_LEVELS)[number];

/** Which events a connection of the live monitor wants; a field left out does not narrow. */
export const MonitorFilterSchema = Type.Object(
  {
    routes: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), {
        minItems: 1,
        maxItems: 50,
        description: "names of routes; a name that ends in `*` stands for all that begin so",
      }),
    ),
    min_level: Type.Optional(
      Type.Union(
        MONITOR_LEVELS.map((level) => Type.Literal(level)),
        { description: "lowest level of injection risk; requests that were not judged are `safe`" },
      ),
    ),
    flagged_only: Type.Optional(Type.Boolean({ description: "only events with `flagged: true`" })),
    tenant: Type.Optional(
      Type.String({ pattern: "^[\\w.-]{1,64}$", description: "only events of this tenant" }),
    ),
  },
  { additionalProperties: false },
);
/** Which events a connection of the live monitor wants. */
export type MonitorFilter = Static<typeof MonitorFilterSchema>;

/** What a client of the live monitor may send: each message is one JSON object in a text frame. */
export const MonitorMessageSchema = Type.Object({
  type: Type.Union([Type.Literal("ping"), Type.Literal("subscribe"), Type.Literal("unsubscribe")]),
  filter: Type.Optional(MonitorFilterSchema),
});
/** What a client of the live monitor may send. */
export type MonitorMessage = Static<typeof MonitorMessageSchema>;

/** What every event of the live monitor carries. */
export interface MonitorStamp {
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  /** The same moment, milliseconds since the Unix epoch. */
  readonly ts: number;
  /**
   * Place in the stream of events. `detection_result` and broadcast `keepalive` count up by one; what is said to one
   * connection alone (replies, its own keepalive) repeats the number of the event before it. It never falls.
   */
  readonly seq: number;
  /** Events that came too fast and were left out since this was last told; absent when none were. */
  readonly skipped?: number;
}

/** One finished request of a proxy or detection route: facts only, never text, values, prompts or keys. */
export interface DetectionResultEvent extends MonitorStamp {
  readonly type: "detection_result";
  /** Name of the customer; `anonymous` on a gateway without customers and for refused keys. */
  readonly agent_id: string;
  /** Null when the request belongs to nobody. */
  readonly tenant: string | null;
  readonly request_id: string;
  readonly route: string;
  readonly status: number;
  /** Personal data was found, an injection was judged, or a guard failed. */
  readonly flagged: boolean;
  /** Number of findings by entity type. */
  readonly findings: Readonly<Record<string, number>>;
  /** In [0, 1]; null when injection was not judged. */
  readonly injection_score: number | null;
  readonly injection_level: MonitorLevel | null;
  /** `open`: a guard failed and the request passed; `closed`: it failed and the request was refused. */
  readonly fail_mode: "none" | "open" | "degrade" | "closed";
  /** Guards that failed open. */
  readonly failed_guards: readonly string[];
  readonly error_code: ErrorCode | null;
  readonly processing_time_ms: number;
}

/** What the live monitor says about itself. */
export type MonitorNotice = MonitorStamp &
  (
    | { readonly type: "connection_established"; readonly message: string }
    | { readonly type: "pong" }
    | { readonly type: "keepalive" }
    | { readonly type: "monitoring_started"; readonly filter: MonitorFilter }
    | { readonly type: "monitoring_stopped"; readonly message: string }
    | { readonly type: "error"; readonly code: ErrorCode; readonly message: string }
  );

/** Every event of `/ws/monitor`. */
export type MonitorEvent = DetectionResultEvent | MonitorNotice;
