/** The trained model of the tagger and its binary form. */
import { RampartError } from "#shared";
import { FEATURES } from "./features.ts";
import { createGazetteer, type Gazetteer } from "./gazetteer.ts";
import { LABELS } from "./labels.ts";

/** Weights and word lists of the tagger. */
export interface NamesModel {
  /** The weights have 2^bits rows. */
  readonly bits: number;
  /** One stored unit is this much of a logit. */
  readonly scale: number;
  /**
   * Rows of {@link LABELS} weights, 128 more than the weight each, as pairs of 32-bit words: byte k of the first word is
   * label k, byte k of the second label 4 + k.
   */
  readonly weights: Uint32Array;
  readonly gazetteer: Gazetteer;
}

/** First bytes of the file: "RNM1". */
const MAGIC = 0x314d4e52;
const HEADER_BYTES = 20;

/**
 * The model as bytes, little endian: magic u32, bits u32, slots of the gazetteer u32, scale f32,
 * number of features u32, keys i32[], classes
 * u16[], weights u32[].
 */
export function encodeNamesModel(model: NamesModel): Uint8Array {
  const slots = model.gazetteer.keys.length;
  const bytes = new Uint8Array(HEADER_BYTES + slots * 6 + model.weights.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, model.bits, true);
  view.setUint32(8, slots, true);
  view.setFloat32(12, model.scale, true);
  view.setUint32(16, FEATURES, true);
  for (let i = 0; i < slots; i += 1) {
    view.setInt32(HEADER_BYTES + i * 4, model.gazetteer.keys[i]!, true);
    view.setUint16(HEADER_BYTES + slots * 4 + i * 2, model.gazetteer.classes[i]!, true);
  }
  for (let i = 0; i < model.weights.length; i += 1)
    view.setUint32(HEADER_BYTES + slots * 6 + i * 4, model.weights[i]!, true);
  return bytes;
}

/**
 * Reads the bytes of {@link encodeNamesModel}; the arrays are copies.
 * @throws RMP_DETECT_MODEL_INVALID when the bytes are not such a model, or one of other features
 */
export function decodeNamesModel(bytes: Uint8Array): NamesModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) throw invalid();
  if (view.getUint32(16, true) !== FEATURES) throw invalid();
  const bits = view.getUint32(4, true);
  const slots = view.getUint32(8, true);
  const rows = 2 ** bits;
  if (bits > 24 || bytes.byteLength !== HEADER_BYTES + slots * 6 + rows * LABELS) throw invalid();
  const copy = new Uint8Array(bytes.subarray(HEADER_BYTES));
  return {
    bits,
    scale: view.getFloat32(12, true),
    weights: new Uint32Array(copy.buffer, copy.byteOffset + slots * 6, (rows * LABELS) / 4),
    gazetteer: createGazetteer(
      new Int32Array(copy.buffer, copy.byteOffset, slots),
      new Uint16Array(copy.buffer, copy.byteOffset + slots * 4, slots),
    ),
  };
}

function invalid(): RampartError {
  return new RampartError("RMP_DETECT_MODEL_INVALID", "the names model cannot be read");
}
