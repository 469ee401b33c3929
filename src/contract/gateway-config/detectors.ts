import Type, { type Static } from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** A service's address: no user info, query or fragment. */
const SERVICE_URL = "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$";

/** What every judge of a vote has. */
const judgeSettings = {
  name: Type.String({
    pattern: "^[\\w.-]{1,64}$",
    description: "name in votes and in `models` of `/multi-model/detect`",
  }),
  concern: Type.Union([Type.Literal("hallucination"), Type.Literal("injection"), Type.Literal("bias")], {
    default: "hallucination",
    description: "what it judges; only judges of the same concern vote together",
  }),
  weight: Type.Number({
    exclusiveMinimum: 0,
    maximum: 1000,
    default: 1,
    description: "weight of its vote for the strategies weighted and adaptive",
  }),
};

/** A language model as a judge. */
const LlmJudgeConfigSchema = Type.Object(
  {
    ...judgeSettings,
    api: Type.Union([Type.Literal("openai"), Type.Literal("anthropic")], {
      default: "openai",
      description: "shape of its interface: Chat Completions or Messages",
    }),
    baseUrl: Type.String({
      pattern: SERVICE_URL,
      description: "origin and optional base path; `/v1/chat/completions` or `/v1/messages` is appended",
    }),
    apiKey: Type.Optional(Type.String({ minLength: 1, description: "the provider's key" })),
    model: Type.String({ minLength: 1, description: "model asked for" }),
    maxTokens: Type.Integer({ minimum: 16, maximum: 4096, default: 200, description: "longest answer" }),
    inputUsdPerMillion: Type.Number({
      minimum: 0,
      default: 0,
      description: "price of a million input tokens, US dollars, for the cost that a vote reports",
    }),
    outputUsdPerMillion: Type.Number({
      minimum: 0,
      default: 0,
      description: "price of a million output tokens, US dollars",
    }),
    sendPersonalData: Type.Boolean({
      default: false,
      description:
        "false replaces personal data by placeholders, by the guard's policy, before the model sees it",
    }),
  },
  closed,
);

/** An ONNX text classifier as a judge. */
const OnnxJudgeConfigSchema = Type.Object(
  {
    ...judgeSettings,
    modelPath: Type.String({ minLength: 1, description: "path of the `.onnx` file" }),
    tokenizerDir: Type.String({
      minLength: 1,
      description: "folder with `tokenizer.json` and `tokenizer_config.json`",
    }),
    positiveClass: Type.Integer({
      minimum: 0,
      maximum: 1000,
      default: 1,
      description: "index of the class whose probability is the score",
    }),
    maxTokens: Type.Integer({ minimum: 8, maximum: 8192, default: 512, description: "tokens per window" }),
    packagesFrom: Type.Optional(
      Type.String({
        minLength: 1,
        description:
          "folder whose `node_modules` holds onnxruntime-node and @huggingface/tokenizers; the gateway's own by default",
      }),
    ),
  },
  closed,
);

/** A Presidio analyzer asked beside the guard's own recognisers. */
const PresidioConfigSchema = Type.Object(
  {
    url: Type.String({ pattern: SERVICE_URL, description: "base address; `/analyze` is appended" }),
    language: Type.String({
      minLength: 2,
      maxLength: 8,
      default: "en",
      description: "language it is asked for",
    }),
    types: Type.Array(Type.String(), {
      default: [],
      description: "entity types it is asked for; all that it knows when empty",
    }),
    timeoutMs: milliseconds(2_000, "time for its whole answer"),
  },
  closed,
);

/** Detectors beside the ones that ship: they answer on the detection routes, never on the path of a proxied request. */
export const DetectorsConfigSchema = Type.Object(
  {
    judgeTimeoutMs: milliseconds(10_000, "time for each judge of `/multi-model/detect`"),
    llmJudges: Type.Array(LlmJudgeConfigSchema, {
      default: [],
      maxItems: 16,
      description: "language models that vote in `/multi-model/detect`",
    }),
    onnxJudges: Type.Array(OnnxJudgeConfigSchema, {
      default: [],
      maxItems: 16,
      description: "ONNX classifiers that vote in `/multi-model/detect`",
    }),
    presidio: Type.Optional(PresidioConfigSchema),
  },
  { ...closed, default: {} },
);
/** Detectors beside the ones that ship. */
export type DetectorsConfig = Static<typeof DetectorsConfigSchema>;
