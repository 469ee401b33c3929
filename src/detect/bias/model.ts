/** The fitted bias model in two stages: linear scores of hashed grams, then small trees over those and counted features. */
import { RampartError } from "#shared";
import { type BoostedTrees, isEnsemble, packTrees, scoreTrees, sigmoid } from "../grounding/boosted.ts";
import { COUNTED, writeCounted } from "./context-features.ts";
import { BLOCKS, BUCKETS, gramsOf, MAX_WORDS } from "./features.ts";
import type { BiasReading } from "./reading.ts";

/** Length of the linear weights. */
export const LINEAR_WEIGHTS = BLOCKS * BUCKETS;
/** Columns of the second stage: the linear sum, its blocks, and the counted features. */
export const STAGE_TWO_WIDTH = 1 + BLOCKS + COUNTED.length;

/** Weights as `npm run train` writes them to `models/bias.json`. */
export interface BiasModel {
  readonly kind: "bias";
  readonly version: 1;
  /** Hashed weights as signed bytes, base64; multiply by `scale`. */
  readonly hashed: string;
  readonly scale: number;
  readonly bias: number;
  /** Names of the counted features in order. */
  readonly counted: readonly string[];
  readonly trees: BoostedTrees;
  /** Logit at which a text is flagged; frozen on the training set. */
  readonly thresholdLogit: number;
  /** Calibration: score = sigmoid(slope * (logit - thresholdLogit)). */
  readonly slope: number;
}

/** Linear weights of the first stage. */
export interface LinearStage {
  readonly weights: Int8Array | Float64Array;
  readonly scale: number;
  readonly bias: number;
}

/** A model unpacked for scoring. */
export interface BiasWeights {
  readonly linear: LinearStage;
  readonly trees: BoostedTrees;
  readonly thresholdLogit: number;
  readonly slope: number;
}

/**
 * Checks a parsed file and unpacks it.
 * @throws RMP_DETECT_MODEL_INVALID when it is no bias model for these features
 */
export function toBiasWeights(value: unknown): BiasWeights {
  // The cast only names the fields that the checks below look at.
  const model = value as BiasModel;
  const fits =
    typeof value === "object" &&
    value !== null &&
    model.kind === "bias" &&
    model.version === 1 &&
    typeof model.hashed === "string" &&
    Array.isArray(model.counted) &&
    model.counted.length === COUNTED.length &&
    COUNTED.every((name, index) => model.counted[index] === name) &&
    isEnsemble(model.trees, STAGE_TWO_WIDTH) &&
    [model.scale, model.bias, model.thresholdLogit, model.slope].every(Number.isFinite);
  const bytes = fits ? Buffer.from(model.hashed, "base64") : undefined;
  if (bytes === undefined || bytes.length !== LINEAR_WEIGHTS)
    throw new RampartError("RMP_DETECT_MODEL_INVALID", "the bias model does not fit this version");
  return {
    linear: {
      weights: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
      scale: model.scale,
      bias: model.bias,
    },
    trees: packTrees(model.trees),
    thresholdLogit: model.thresholdLogit,
    slope: model.slope,
  };
}

/**
 * Packs linear weights into signed bytes. The step is set by the 99.95th percentile of the weights that are not zero: the few
 * larger ones clip, which costs less than a step that rounds most weights away.
 */
export function packWeights(weights: Float64Array): Pick<BiasModel, "hashed" | "scale"> {
  const sizes = weights
    .filter((weight) => weight !== 0)
    .map(Math.abs)
    .sort();
  const top = sizes[Math.floor(sizes.length * 0.9995)] ?? 1;
  const scale = top / 127;
  const bytes = new Int8Array(weights.length);
  for (let index = 0; index < weights.length; index++)
    bytes[index] = Math.max(-127, Math.min(127, Math.round(weights[index]! / scale)));
  return {
    hashed: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64"),
    scale,
  };
}

/** The columns of the second stage. */
export function stageTwoRow(stage: LinearStage, text: string, reading: BiasReading): Float64Array {
  const row = new Float64Array(STAGE_TWO_WIDTH);
  const { slots, ends } = gramsOf(text, reading);
  const { weights } = stage;
  let total = stage.bias;
  let from = 0;
  for (let block = 0; block < BLOCKS; block++) {
    const end = ends[block]!;
    const base = block * BUCKETS;
    let sum = 0;
    for (let at = from; at < end; at++) sum += weights[base + slots[at]!]!;
    const score = end === from ? 0 : (sum * stage.scale) / Math.sqrt(end - from);
    row[1 + block] = score;
    total += score;
    from = end;
  }
  row[0] = total;
  writeCounted(text, reading, Math.min(reading.tokens.count, MAX_WORDS), row, 1 + BLOCKS);
  return row;
}

/** Calibrated score of a reading, [0, 1]; 0.5 is the frozen threshold. */
export function scoreReading(weights: BiasWeights, text: string, reading: BiasReading): number {
  const logit = scoreTrees(weights.trees, stageTwoRow(weights.linear, text, reading));
  return sigmoid(weights.slope * (logit - weights.thresholdLogit));
}
