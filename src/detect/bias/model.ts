/** The fitted bias model: its shape, its packing and its score. */
import { RampartError } from "#shared";
import { type BiasRow, DENSE, DENSE_AT, WEIGHTS } from "./features.ts";

/** Weights as `npm run train` writes them to `models/bias.json`. */
export interface BiasModel {
  readonly kind: "bias";
  readonly version: 1;
  /** Hashed weights as signed bytes, base64; multiply by `scale`. */
  readonly hashed: string;
  readonly scale: number;
  /** Weights of the dense features by name, in order. */
  readonly dense: readonly (readonly [string, number])[];
  readonly bias: number;
  /** Logit at which a text is flagged; frozen on the training set. */
  readonly thresholdLogit: number;
  /** Calibration: score = sigmoid(slope * (logit - thresholdLogit)). */
  readonly slope: number;
}

/** A model unpacked for scoring. */
export interface BiasWeights {
  readonly hashed: Int8Array;
  readonly scale: number;
  readonly dense: Float64Array;
  readonly bias: number;
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
    Array.isArray(model.dense) &&
    model.dense.length === DENSE.length &&
    DENSE.every((name, index) => model.dense[index]?.[0] === name) &&
    [model.scale, model.bias, model.thresholdLogit, model.slope].every(Number.isFinite);
  const bytes = fits ? Buffer.from(model.hashed, "base64") : undefined;
  if (bytes === undefined || bytes.length !== DENSE_AT)
    throw new RampartError("RMP_DETECT_MODEL_INVALID", "the bias model does not fit this version");
  return {
    hashed: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length),
    scale: model.scale,
    dense: Float64Array.from(model.dense, ([, weight]) => weight),
    bias: model.bias,
    thresholdLogit: model.thresholdLogit,
    slope: model.slope,
  };
}

/** Packs fitted weights: hashed ones as signed bytes of one scale (three standard deviations of what is left clip). */
export function packWeights(weights: Float64Array): Pick<BiasModel, "hashed" | "scale" | "dense"> {
  let top = 0;
  for (let index = 0; index < DENSE_AT; index++) top = Math.max(top, Math.abs(weights[index]!));
  const scale = Math.max(top, 1e-9) / 127;
  const bytes = new Int8Array(DENSE_AT);
  for (let index = 0; index < DENSE_AT; index++) bytes[index] = Math.round(weights[index]! / scale);
  return {
    hashed: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64"),
    scale,
    dense: DENSE.map((name, index) => [name, weights[DENSE_AT + index]!] as const),
  };
}

/** Logit of one row. */
export function logitOfRow(weights: BiasWeights, row: BiasRow): number {
  let hashed = 0;
  let dense = 0;
  for (let at = 0; at < row.index.length; at++) {
    const feature = row.index[at]!;
    if (feature < DENSE_AT) hashed += weights.hashed[feature]! * row.value[at]!;
    else if (feature < WEIGHTS) dense += weights.dense[feature - DENSE_AT]! * row.value[at]!;
  }
  return weights.bias + hashed * weights.scale + dense;
}
