import Type, { type Static } from "typebox";
import { closed, KIB, MIB } from "./fields.ts";

/** The log: one JSON object a line, never content, never keys. */
export const LogsConfigSchema = Type.Object(
  {
    to: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "`stderr` or the path of a file, which is appended to and whose folder exists; without it nothing is logged (`rampart gateway` and " +
          "`rampart up` set `stderr`)",
      }),
    ),
    level: Type.Union(
      [
        Type.Literal("off"),
        Type.Literal("error"),
        Type.Literal("warn"),
        Type.Literal("info"),
        Type.Literal("debug"),
      ],
      { default: "info", description: "least weight of what is logged" },
    ),
    requests: Type.Union([Type.Literal("none"), Type.Literal("errors"), Type.Literal("all")], {
      default: "errors",
      description:
        "which finished requests get a line: none, those that failed (status 400 and above), or all",
    }),
    bufferBytes: Type.Integer({
      minimum: 16 * KIB,
      default: 1 * MIB,
      description: "lines that wait for a slow destination; beyond this they are dropped and counted",
    }),
  },
  { ...closed, default: {} },
);
/** The log of a gateway. */
export type LogsConfig = Static<typeof LogsConfigSchema>;
