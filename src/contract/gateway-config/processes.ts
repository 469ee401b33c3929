import Type, { type Static } from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** How many processes serve, and when their number changes. */
export const ProcessesConfigSchema = Type.Object(
  {
    min: Type.Integer({
      minimum: 1,
      maximum: 256,
      default: 1,
      description: "processes that always serve; `--processes N` or `--processes MIN..MAX` sets both",
    }),
    max: Type.Integer({
      minimum: 1,
      maximum: 256,
      default: 1,
      description:
        "most processes; with 1 the gateway serves from the process that was started; with more, conversations " +
        "(`X-Session-ID`) and answers cached in memory are remembered by each process for itself",
    }),
    scaleUpCpuPercent: Type.Integer({
      minimum: 1,
      maximum: 100,
      default: 75,
      description: "mean CPU of the processes, in percent of a core, beyond which one more is started",
    }),
    scaleUpDelayMs: milliseconds(
      100,
      "event-loop delay (99th percentile over a second) of the slowest process beyond which one more is started",
    ),
    scaleDownCpuPercent: Type.Integer({
      minimum: 0,
      maximum: 100,
      default: 25,
      description: "one is drained when the others would stay below this mean CPU without it",
    }),
    scaleUpAfterMs: milliseconds(3_000, "how long it must be too much before one more is started"),
    scaleDownAfterMs: milliseconds(60_000, "how long it must be too little before one is drained"),
    figuresTimeoutMs: Type.Integer({
      minimum: 10,
      maximum: 10_000,
      default: 250,
      description: "longest time `/metrics`, `/health` and `/status` wait for the figures of a process",
    }),
  },
  { ...closed, default: {} },
);
/** How many processes serve, and when their number changes. */
export type ProcessesConfig = Static<typeof ProcessesConfigSchema>;
