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

/** What a guard that can be replaced by a lesser one means for its request. */
export const DegradableFailModeSchema = Type.Union(
  [Type.Literal("closed"), Type.Literal("open"), Type.Literal("degrade")],
  {
    default: "closed",
    description:
      "what happens when the guard fails or exceeds its time budget: closed refuses the request, open lets through what it " +
      "has not read, degrade has the recognisers that need no model read it; all of them say so",
  },
);

const budgetMs = (defaultMs: number, description: string) =>
  Type.Integer({
    minimum: 0,
    maximum: 2 ** 31 - 1,
    default: defaultMs,
    description: `${description}; 0 = no bound`,
  });

/** What the guards do with what they cannot read, and when they fail. */
export const GuardConfigSchema = Type.Object(
  {
    unknownFields: Type.Union([Type.Literal("refuse"), Type.Literal("flag"), Type.Literal("pass")], {
      default: "flag",
      description:
        "text in fields that the provider's table does not list: refuse answers 422, flag guards it like any " +
        "text and names the field in x-rampart-guards, pass sends it unread and names it too",
    }),
    piiFailMode: DegradableFailModeSchema,
    piiBudgetMs: budgetMs(
      0,
      "time to look for personal data in one request, checked after every text; beyond it the fail mode holds",
    ),
    injectionFailMode: FailModeSchema,
    injectionBudgetMs: budgetMs(0, "the same for prompt injection"),
    outputFailMode: DegradableFailModeSchema,
    imageFailMode: FailModeSchema,
    imageBudgetMs: budgetMs(20_000, "time to read one picture; beyond it the fail mode holds"),
  },
  { ...closed, default: {} },
);
