import Type, { type Static } from "typebox";
import { closed, MIB } from "./fields.ts";

/** Seconds in the longest time that a timer of Node can hold, rounded down. */
const MAX_TTL_SEC = 2_147_483;

/** What the detection cache keeps: findings by the digest of a text, never a text. */
const DetectionCacheSchema = Type.Object(
  {
    enabled: Type.Boolean({
      default: true,
      description: "whether a text that was inspected before is not inspected again",
    }),
    entries: Type.Integer({ minimum: 1, default: 20_000, description: "most texts remembered" }),
    bytes: Type.Integer({
      minimum: 1024,
      default: 12 * MIB,
      description: "most memory for what is remembered, as estimated",
    }),
    minCharacters: Type.Integer({
      minimum: 0,
      default: 24,
      description: "shorter texts are inspected every time",
    }),
    images: Type.Integer({
      minimum: 0,
      default: 256,
      description: "most pictures whose assessment is remembered",
    }),
  },
  { ...closed, default: {} },
);

/** What is remembered of requests and answers. */
export const CacheConfigSchema = Type.Object(
  {
    responses: Type.Union([Type.Literal("off"), Type.Literal("deterministic"), Type.Literal("all")], {
      default: "deterministic",
      description:
        "which answers serve a second request: off = none; deterministic = embeddings, and answers of requests with " +
        "`temperature` 0 or a `seed`; all = whatever the temperature. Requests with side effects are never among them",
    }),
    ttlSec: Type.Integer({
      minimum: 1,
      maximum: MAX_TTL_SEC,
      default: 3_600,
      description: "age at which an answer is forgotten; CACHE_TTL sets it too",
    }),
    bytes: Type.Integer({
      minimum: 0,
      default: 16 * MIB,
      description: "most memory for answers in this process; 0 = only Redis",
    }),
    entryBytes: Type.Integer({
      minimum: 1024,
      default: MIB,
      description: "largest answer that is remembered",
    }),
    redis: Type.Boolean({
      default: true,
      description:
        "whether answers are shared through Redis where it is configured; they are encrypted there",
    }),
    secret: Type.Optional(
      Type.String({
        minLength: 32,
        description:
          "goes into the names and keys of what is written to Redis, the same for gateways that share it; without one " +
          "whoever reads Redis can test guesses of whole requests",
      }),
    ),
    detection: DetectionCacheSchema,
  },
  { ...closed, default: {} },
);
/** What is remembered of requests and answers. */
export type CacheConfig = Static<typeof CacheConfigSchema>;
