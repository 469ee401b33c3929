import { contentText } from "./last-turn.ts";
import { type Reply, type ReplyContext, refuse } from "./reply.ts";

/** Category names of `omni-moderation-latest` (OpenAI API reference, "Moderations"). */
const CATEGORIES = [
  "harassment",
  "harassment/threatening",
  "sexual",
  "sexual/minors",
  "hate",
  "hate/threatening",
  "illicit",
  "illicit/violent",
  "self-harm",
  "self-harm/intent",
  "self-harm/instructions",
  "violence",
  "violence/graphic",
] as const;

/** Words that make the mock flag a text as `violence`: a plain rule, enough to see a flag pass through. */
const VIOLENT_WORDS = /\b(?:kill|murder|violence)\b/i;
const LOW_SCORE = 0.0001;
const HIGH_SCORE = 0.97;

/** `POST /v1/moderations`: one result for each input; `violence` is flagged by three words, nothing else ever is. */
export function moderations(body: Record<string, unknown>, context: ReplyContext): Reply {
  const { input } = body;
  if (typeof input !== "string" && !Array.isArray(input))
    return refuse("'input' must be a string, an array of strings or an array of parts", "input");
  const isTextList = Array.isArray(input) && input.every((item) => typeof item === "string");
  const texts: readonly string[] = isTextList ? input : [contentText(input)];
  return {
    kind: "json",
    body: JSON.stringify({
      id: `modr-${context.idSuffix}`,
      model: body["model"] ?? "omni-moderation-latest",
      results: texts.map(resultOf),
    }),
  };
}

function resultOf(text: string): Record<string, unknown> {
  const flagged = VIOLENT_WORDS.test(text);
  const isHit = (name: string): boolean => flagged && name === "violence";
  return {
    flagged,
    categories: Object.fromEntries(CATEGORIES.map((name) => [name, isHit(name)])),
    category_scores: Object.fromEntries(
      CATEGORIES.map((name) => [name, isHit(name) ? HIGH_SCORE : LOW_SCORE]),
    ),
    category_applied_input_types: Object.fromEntries(CATEGORIES.map((name) => [name, ["text"]])),
  };
}
