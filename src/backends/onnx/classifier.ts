import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { RemoteClassifier } from "#detect";
import { RampartError } from "#shared";

/** A text classifier exported to ONNX with the tokenizer files that Hugging Face writes beside it. */
export interface OnnxClassifierOptions {
  /** Shown in findings and votes. */
  readonly name: string;
  /** Path of the `.onnx` file. */
  readonly modelPath: string;
  /** Folder with `tokenizer.json` and `tokenizer_config.json`. */
  readonly tokenizerDir: string;
  /** Index of the class whose probability is asked for. Default 1. */
  readonly positiveClass?: number;
  /** Tokens per window. Default 512. Longer texts are judged in windows that overlap by an eighth; the maximum counts. */
  readonly maxTokens?: number;
  /** Folder whose `node_modules` holds onnxruntime-node and @huggingface/tokenizers. Default: Rampart's own. */
  readonly packagesFrom?: string;
}

/** Most windows of one text that are judged; the rest is left out, so that cost stays bounded. */
const MAX_WINDOWS = 64;

interface Runtime {
  readonly session: {
    readonly inputNames: readonly string[];
    readonly outputNames: readonly string[];
    run(feeds: object): Promise<Record<string, { data: ArrayLike<number> }>>;
  };
  readonly Tensor: new (type: "int64", data: BigInt64Array, dims: readonly number[]) => unknown;
  readonly encode: (text: string) => readonly number[];
}

/**
 * A classifier over an ONNX model, run by the optional packages onnxruntime-node and @huggingface/tokenizers; both, and
 * the model, are loaded on first use. Inputs `input_ids`, `attention_mask`, `token_type_ids` are fed as the model asks.
 * Its `classify` rejects with RMP_BACKEND_UNAVAILABLE when a package or file is missing or the model fails.
 */
export function createOnnxClassifier(options: OnnxClassifierOptions): RemoteClassifier {
  const { positiveClass = 1, maxTokens = 512 } = options;
  let runtime: Promise<Runtime> | undefined;
  return {
    name: options.name,
    async classify(text, signal) {
      runtime ??= loadRuntime(options);
      const { session, Tensor, encode } = await runtime.catch((cause) => {
        runtime = undefined;
        throw cause;
      });
      let highest = 0;
      for (const ids of windowsOf(encode(text), maxTokens)) {
        signal?.throwIfAborted();
        const feeds: Record<string, unknown> = {};
        for (const name of session.inputNames) {
          const values = name.includes("input_ids") ? ids : ids.map(() => (name.includes("mask") ? 1 : 0));
          feeds[name] = new Tensor("int64", BigInt64Array.from(values, BigInt), [1, ids.length]);
        }
        const outputs = await session.run(feeds).catch((cause: unknown) => {
          throw unavailable(options.name, "failed on this input", cause);
        });
        const logits = Array.from(outputs[session.outputNames[0] ?? ""]?.data ?? [], Number);
        highest = Math.max(highest, softmax(logits)[positiveClass] ?? 0);
      }
      return highest;
    },
  };
}

function unavailable(name: string, what: string, cause?: unknown): RampartError {
  return new RampartError("RMP_BACKEND_UNAVAILABLE", `the ONNX classifier ${name} ${what}`, { cause });
}

async function loadRuntime(options: OnnxClassifierOptions): Promise<Runtime> {
  const require = createRequire(
    options.packagesFrom === undefined
      ? import.meta.url
      : pathToFileURL(join(options.packagesFrom, "package.json")),
  );
  const load = async (name: string) => {
    try {
      return await import(pathToFileURL(require.resolve(name)).href);
    } catch (cause) {
      throw unavailable(options.name, `needs the package ${name}; install it beside Rampart`, cause);
    }
  };
  const [onnx, { Tokenizer }] = [await load("onnxruntime-node"), await load("@huggingface/tokenizers")];
  const { InferenceSession, Tensor } = onnx.default ?? onnx;
  try {
    const readJson = (file: string): object =>
      JSON.parse(readFileSync(join(options.tokenizerDir, file), "utf8"));
    const tokenizer = new Tokenizer(readJson("tokenizer.json"), readJson("tokenizer_config.json"));
    const session = await InferenceSession.create(options.modelPath, { intraOpNumThreads: 1 });
    return { session, Tensor, encode: (text) => tokenizer.encode(text).ids };
  } catch (cause) {
    throw unavailable(options.name, "could not read its model or tokenizer files", cause);
  }
}

/** Windows of at most `maxTokens` that overlap by an eighth; an empty text gives none. */
function windowsOf(ids: readonly number[], maxTokens: number): number[][] {
  const step = Math.max(1, maxTokens - Math.floor(maxTokens / 8));
  const windows: number[][] = [];
  for (let start = 0; start < ids.length && windows.length < MAX_WINDOWS; start += step) {
    windows.push(ids.slice(start, start + maxTokens));
    if (start + maxTokens >= ids.length) break;
  }
  return windows;
}

function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
