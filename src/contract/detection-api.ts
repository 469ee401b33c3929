import Type, { type Static } from "typebox";

/**
 * Bodies of the detection routes. Fields that a route does not know are ignored, so that clients of either seed may send
 * what they always sent; texts may be empty.
 */
const text = (description: string) => Type.Optional(Type.String({ description }));

/** Body of `POST /pii-protection/detect`: one text or a batch. */
export const PiiDetectRequestSchema = Type.Object({
  text: text("the text to look at"),
  texts: Type.Optional(
    Type.Array(Type.String(), { description: "several texts, answered in order in `results`" }),
  ),
  compliance_standard: Type.Optional(
    Type.Union(
      ["hipaa", "gdpr", "ccpa", "pci_dss", "soc2", "ferpa", "custom"].map((name) => Type.Literal(name)),
      { description: "only violations of this standard are listed" },
    ),
  ),
  include_values: Type.Optional(
    Type.Boolean({ description: "also answer each found value and the text itself; off by default" }),
  ),
});
/** Body of `POST /pii-protection/detect`. */
export type PiiDetectRequest = Static<typeof PiiDetectRequestSchema>;

/** Body of `POST /prompt-injection/detect` and `/prompt-injection/guard-prompt`: one prompt or a batch. */
export const InjectionDetectRequestSchema = Type.Object({
  prompt: text("the prompt to judge"),
  text: text("the same as `prompt`"),
  prompts: Type.Optional(
    Type.Array(Type.String(), { description: "several prompts, answered in order in `results`" }),
  ),
  context: text(
    "text around the prompt, such as a retrieved document; judged as well, the worse verdict counts",
  ),
  user_history: Type.Optional(
    Type.Array(Type.String(), { description: "earlier prompts of the user; judged as well" }),
  ),
  llm_judge_enabled: Type.Optional(
    Type.Boolean({ description: "accepted; no judge is asked unless one is configured" }),
  ),
  behavioral_analysis_enabled: Type.Optional(
    Type.Boolean({ description: "whether `user_history` is judged" }),
  ),
});
/** Body of `POST /prompt-injection/detect`. */
export type InjectionDetectRequest = Static<typeof InjectionDetectRequestSchema>;
