import { RampartError } from "#shared";
import type { BoostedModel } from "./boost.ts";
import { HASH_SIZE } from "./ngrams.ts";
import { FEATURE_NAMES } from "./sketch.ts";

/** The trained parts of the injection detector. */
export interface InjectionModel {
  /** Weights of the two linear heads, interleaved: `[2 * slot]` attack, `[2 * slot + 1]` instruction. */
  readonly heads: Int8Array;
  /** Value of one step of the attack weights. */
  readonly attackStep: number;
  /** Value of one step of the instruction weights. */
  readonly instructionStep: number;
  readonly boosted: BoostedModel;
  /** Log-odds that become score 0.5: frozen on the training set. */
  readonly threshold: number;
}

/** First bytes of a model file. */
const MAGIC = "RMPINJ01";
const HEADER_BYTES = MAGIC.length + 4;

interface ModelHeader {
  readonly hashSize: number;
  readonly features: readonly string[];
  readonly attackStep: number;
  readonly instructionStep: number;
  readonly threshold: number;
  readonly boosted: BoostedModel;
}

/**
 * Reads a model file (`models/injection.bin`): magic, length of the JSON header (32 bit, little endian), header, weights.
 * @throws RampartError RMP_DETECT_MODEL_INVALID when it is no such file or belongs to another version of the features
 */
export function parseInjectionModel(bytes: Uint8Array): InjectionModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, MAGIC.length));
  if (bytes.byteLength < HEADER_BYTES || magic !== MAGIC) throw invalid("not an injection model");
  const headerBytes = view.getUint32(MAGIC.length, true);
  const start = HEADER_BYTES + headerBytes;
  if (bytes.byteLength !== start + 2 * HASH_SIZE) throw invalid("wrong length");
  let header: ModelHeader;
  try {
    // Written by serialiseInjectionModel; the fields that could go stale are checked below.
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(HEADER_BYTES, start))) as ModelHeader;
  } catch (cause) {
    throw invalid("unreadable header", cause);
  }
  if (header.hashSize !== HASH_SIZE || header.features.join() !== FEATURE_NAMES.join()) {
    throw invalid("trained for other features; run the training again");
  }
  return {
    heads: new Int8Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.byteLength)),
    attackStep: header.attackStep,
    instructionStep: header.instructionStep,
    boosted: header.boosted,
    threshold: header.threshold,
  };
}

/** The bytes of a model file; equal models give equal bytes. */
export function serialiseInjectionModel(model: InjectionModel): Uint8Array {
  const header: ModelHeader = {
    hashSize: HASH_SIZE,
    features: FEATURE_NAMES,
    attackStep: model.attackStep,
    instructionStep: model.instructionStep,
    threshold: model.threshold,
    boosted: model.boosted,
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(HEADER_BYTES + json.length + model.heads.length);
  bytes.set(new TextEncoder().encode(MAGIC));
  new DataView(bytes.buffer).setUint32(MAGIC.length, json.length, true);
  bytes.set(json, HEADER_BYTES);
  bytes.set(
    new Uint8Array(model.heads.buffer, model.heads.byteOffset, model.heads.length),
    HEADER_BYTES + json.length,
  );
  return bytes;
}

function invalid(what: string, cause?: unknown): RampartError {
  return new RampartError("RMP_DETECT_MODEL_INVALID", `injection model: ${what}`, { cause });
}
