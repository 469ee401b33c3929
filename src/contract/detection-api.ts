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

/** Body of `POST /pii-protection/redact`: one text or a batch. */
export const PiiRedactRequestSchema = Type.Object({
  text: text("the text to redact"),
  texts: Type.Optional(
    Type.Array(Type.String(), { description: "several texts, answered in order in `results`" }),
  ),
  redaction_method: Type.Optional(
    Type.Union(
      [
        Type.Literal("token"),
        Type.Literal("mask"),
        Type.Literal("partial"),
        Type.Literal("hash"),
        Type.Literal("remove"),
      ],
      {
        description:
          "token (default): placeholders such as [EMAIL_1]; mask: stars; partial: stars but the last four letters and " +
          "digits; hash: a keyed digest, equal values equal; remove: nothing",
      },
    ),
  ),
  method: Type.Optional(Type.String({ description: "the same as `redaction_method`" })),
});
/** Body of `POST /pii-protection/redact`. */
export type PiiRedactRequest = Static<typeof PiiRedactRequestSchema>;

/** Body of `POST /bias-fairness/audit` and `/bias/audit`: one text or a batch. */
export const BiasAuditRequestSchema = Type.Object({
  text: text("the text to audit"),
  texts: Type.Optional(
    Type.Array(Type.String(), { description: "several texts, answered in order in `results`" }),
  ),
  context: text("accepted; the audit looks at `text`"),
  check_compliance: Type.Optional(
    Type.Boolean({ description: "whether `compliance_status` is answered; default true" }),
  ),
  predictions: Type.Optional(
    Type.Array(
      Type.Object({
        group: Type.String({ description: "the protected group of the person" }),
        predicted: Type.Boolean({ description: "the decision; true is the favourable one" }),
        actual: Type.Optional(Type.Boolean({ description: "what would have been right" })),
      }),
      { description: "decisions of a classifier, for demographic parity and equalised odds" },
    ),
  ),
});
/** Body of `POST /bias-fairness/audit`. */
export type BiasAuditRequest = Static<typeof BiasAuditRequestSchema>;

/** One claim to check against its reference. */
const groundingFields = {
  agent_output: Type.String({ description: "the answer to check" }),
  ground_truth: Type.String({ description: "the reference: what is true" }),
  question: text("what was asked"),
  conversation_history: Type.Optional(
    Type.Array(Type.Union([Type.String(), Type.Object({ content: Type.Optional(Type.String()) })]), {
      description: "earlier turns, as texts or as messages",
    }),
  ),
  agent_id: text("label, not used"),
  user_id: text("label, not used"),
};

/** Body of `POST /test-agent`. */
export const TestAgentRequestSchema = Type.Object(groundingFields);
/** Body of `POST /test-agent`. */
export type TestAgentRequest = Static<typeof TestAgentRequestSchema>;

/** Body of `POST /batch/test`. */
export const BatchTestRequestSchema = Type.Object({
  tests: Type.Array(Type.Object(groundingFields), { description: "answered in order in `results`" }),
});
/** Body of `POST /batch/test`. */
export type BatchTestRequest = Static<typeof BatchTestRequestSchema>;

/** Body of `POST /multi-model/detect`. */
export const MultiModelRequestSchema = Type.Object({
  text: text("the text to judge"),
  agent_output: text("the same as `text`"),
  agent_input: text("what was asked"),
  context: text("reference that the text should agree with"),
  strategy: text("majority (default), weighted, unanimous, cascading, threshold or adaptive, in any case"),
  models: Type.Optional(
    Type.Array(Type.String(), {
      minItems: 1,
      maxItems: 20,
      description: "names of the judges to ask; all that are configured by default",
    }),
  ),
  min_models: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 10, description: "judges that must have voted; default 1" }),
  ),
  confidence_threshold: Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: "default 0.7" })),
});
/** Body of `POST /multi-model/detect`. */
export type MultiModelRequest = Static<typeof MultiModelRequestSchema>;

/** JSON body of `POST /multimodal/detect-image`; multipart has the same fields with the image as a file. */
export const ImageDetectRequestSchema = Type.Object({
  image: text("the picture: base64 or a data URL"),
  text_description: text("what somebody says the picture shows"),
});
/** JSON body of `POST /multimodal/detect-image`. */
export type ImageDetectRequest = Static<typeof ImageDetectRequestSchema>;
