import Type, { type Static } from "typebox";
import { closed } from "./fields.ts";

/** What a guard that crashed means for its request. */
export const FailModeSchema = Type.Union([Type.Literal("closed"), Type.Literal("open")], {
  default: "closed",
  description:
    "what happens when the guard itself fails: closed refuses the request, open lets it pass and says so",
});
/** What a guard that crashed means for its request. */
export type FailMode = Static<typeof FailModeSchema>;

/** What the guards do with what they cannot read, and when they fail. */
export const GuardConfigSchema = Type.Object(
  {
    unknownFields: Type.Union([Type.Literal("refuse"), Type.Literal("flag"), Type.Literal("pass")], {
      default: "flag",
      description:
        "text in fields that the provider's table does not list: refuse answers 422, flag guards it like any " +
        "text and names the field in x-rampart-guards, pass sends it unread and names it too",
    }),
    piiFailMode: FailModeSchema,
    injectionFailMode: FailModeSchema,
    outputFailMode: FailModeSchema,
    imageFailMode: FailModeSchema,
  },
  { ...closed, default: {} },
);
