import Type from "typebox";
import { closed, KIB, MIB, milliseconds } from "./fields.ts";

/** The hash-chained audit log. */
export const AuditConfigSchema = Type.Object(
  {
    enabled: Type.Boolean({
      default: true,
      description: "whether finished requests are recorded on disk",
    }),
    dir: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "folder of the log; without one nothing is recorded (`rampart gateway` and `rampart up` set `audit`)",
      }),
    ),
    flushMs: Type.Integer({
      minimum: 1,
      maximum: 200,
      default: 100,
      description: "longest time a record waits in memory: what a killed gateway loses at most",
    }),
    fsync: Type.Boolean({
      default: false,
      description: "whether each write waits for the device: survives a power failure too",
    }),
    maxBytes: Type.Integer({
      minimum: 4 * KIB,
      default: 128 * MIB,
      description: "size at which the next file is begun",
    }),
    maxFiles: Type.Integer({
      minimum: 2,
      default: 80,
      description: "most files of one log; every process that writes at the same time has a log of its own",
    }),
    removeOldest: Type.Boolean({
      default: false,
      description:
        "at the bound: true removes the oldest file and records that, false stops recording and counts",
    }),
    queueEvents: Type.Integer({
      minimum: 1,
      default: 20_000,
      description: "most records that wait in memory; more are counted and dropped",
    }),
    failMode: Type.Union([Type.Literal("closed"), Type.Literal("open")], {
      default: "open",
      description:
        "what happens while the log cannot be written: open serves and says so in `/health` and metrics, closed " +
        "answers 503",
    }),
    batchRecords: Type.Integer({
      minimum: 100,
      maximum: 5_000,
      default: 500,
      description: "most records in one statement to PostgreSQL",
    }),
    batchAfterMs: milliseconds(
      1_000,
      "time between two looks at the log for records to copy to PostgreSQL: fewer than a batch wait that long",
    ),
    retentionDays: Type.Integer({
      minimum: 0,
      maximum: 36_500,
      default: 0,
      description: "age at which records are deleted from PostgreSQL, days; 0 keeps them for ever",
    }),
  },
  { ...closed, default: {} },
);
