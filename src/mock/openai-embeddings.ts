import { createRandom } from "#shared";
import { type Reply, type ReplyContext, refuse, textOr, tokensBelow } from "./reply.ts";

/** Length of the vectors of OpenAI's `text-embedding-3-small`; `-large` has twice as many (OpenAI, "Embeddings"). */
const DEFAULT_DIMENSIONS = 1536;
const LARGE_DIMENSIONS = 3072;

/**
 * `POST /v1/embeddings`: one unit vector for each input, `float` or `base64` (float32, little endian). The vector
 * depends on seed and text only: equal texts are equal, different ones stand about at right angles.
 */
export function embeddings(body: Record<string, unknown>, context: ReplyContext): Reply {
  const model = textOr(body["model"]);
  if (model === "") return refuse("you must provide a model parameter", "model");
  const inputs = readInputs(body["input"]);
  if (inputs === undefined)
    return refuse("'input' must be a string, an array of strings or an array of tokens", "input");
  const dimensions = body["dimensions"] ?? (model.endsWith("large") ? LARGE_DIMENSIONS : DEFAULT_DIMENSIONS);
  if (typeof dimensions !== "number" || !Number.isInteger(dimensions) || dimensions < 1)
    return refuse("'dimensions' must be a whole number of at least 1", "dimensions");
  if (dimensions > LARGE_DIMENSIONS)
    return refuse(`'dimensions' must not exceed ${LARGE_DIMENSIONS}`, "dimensions");
  const isBase64 = body["encoding_format"] === "base64";

  const data = inputs.map((text, index) => {
    const vector = vectorOf(text, context.settings.seed, dimensions);
    const embedding = isBase64 ? toBase64(vector) : [...vector];
    return { object: "embedding", index, embedding };
  });
  const tokens = tokensBelow(inputs);
  return {
    kind: "json",
    body: JSON.stringify({
      object: "list",
      data,
      model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    }),
  };
}

function readInputs(input: unknown): readonly string[] | undefined {
  if (typeof input === "string") return [input];
  if (!Array.isArray(input) || input.length === 0) return undefined;
  if (input.every((item) => typeof item === "string")) return input;
  if (input.every((item) => typeof item === "number")) return [input.join(" ")];
  if (input.every((item) => Array.isArray(item))) return input.map((item) => item.join(" "));
  return undefined;
}

function vectorOf(text: string, seed: number, dimensions: number): Float32Array {
  const random = createRandom(seed ^ hashOf(text));
  const vector = Float32Array.from({ length: dimensions }, () => random() - 0.5);
  const norm = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return vector.map((value) => value / norm);
}

/** FNV-1a over UTF-16 units (Fowler, Noll, Vo; offset basis and prime of the 32-bit form). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}

function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}
