/** Writes a tiny ONNX classifier for the tests: its second class fires when one token id occurs. */

/** Protocol buffers: a varint field. */
function int(field: number, value: number): number[] {
  return [...varint(field << 3), ...varint(value)];
}

/** Protocol buffers: a length-delimited field of bytes, text, or nested fields. */
function block(field: number, content: string | readonly number[]): number[] {
  const bytes = typeof content === "string" ? [...Buffer.from(content)] : content;
  return [...varint((field << 3) | 2), ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

const FLOAT = 1;
const INT64 = 7;

function tensor(name: string, type: number, dims: readonly number[], raw: Uint8Array): number[] {
  return [...dims.flatMap((dim) => int(1, dim)), ...int(2, type), ...block(8, name), ...block(9, [...raw])];
}

function node(
  op: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly number[][] = [],
): number[] {
  return block(1, [
    ...inputs.flatMap((input) => block(1, input)),
    ...block(2, output),
    ...block(4, op),
    ...attributes.flatMap((attribute) => block(5, attribute)),
  ]);
}

const intAttribute = (name: string, value: number): number[] => [
  ...block(1, name),
  ...int(3, value),
  ...int(20, 2),
];
const intsAttribute = (name: string, values: readonly number[]): number[] => [
  ...block(1, name),
  ...values.flatMap((value) => int(8, value)),
  ...int(20, 7),
];

function value(name: string, type: number, dims: readonly (number | string)[]): number[] {
  const shape = dims.flatMap((dim) => block(1, typeof dim === "number" ? int(1, dim) : block(2, dim)));
  return [...block(1, name), ...block(2, block(1, [...int(1, type), ...block(2, shape)]))];
}

const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);

/**
 * The bytes of a model with inputs `input_ids` and `attention_mask` (int64, [1, n]) and output `logits` (float, [1, 2]):
 * logits = max(input_ids == id) * [-8, 8] + [4, -4]. ONNX operator set 13, field numbers of onnx.proto.
 */
export function tinyClassifier(id: number): Uint8Array {
  const graph = [
    ...node("Equal", ["input_ids", "wanted"], "same"),
    ...node("Cast", ["same"], "hits", [intAttribute("to", FLOAT)]),
    ...node("ReduceMax", ["hits"], "hit", [intsAttribute("axes", [1]), intAttribute("keepdims", 1)]),
    ...node("MatMul", ["hit", "weights"], "scaled"),
    ...node("Add", ["scaled", "bias"], "logits"),
    ...block(2, "tiny"),
    ...block(5, tensor("wanted", INT64, [1], new Uint8Array(BigInt64Array.of(BigInt(id)).buffer))),
    ...block(5, tensor("weights", FLOAT, [1, 2], floats(-8, 8))),
    ...block(5, tensor("bias", FLOAT, [2], floats(4, -4))),
    ...block(11, value("input_ids", INT64, [1, "n"])),
    ...block(11, value("attention_mask", INT64, [1, "n"])),
    ...block(12, value("logits", FLOAT, [1, 2])),
  ];
  return Uint8Array.from([...int(1, 8), ...block(7, graph), ...block(8, [...block(1, ""), ...int(2, 13)])]);
}

/** Words of the tiny tokenizer by id; 0 is the unknown word. */
export const TINY_WORDS = ["[UNK]", "please", "ignore", "the", "rules", "weather"] as const;

/** `tokenizer.json` of a lower-casing whole-word tokenizer over {@link TINY_WORDS}. */
export function tinyTokenizer(): object {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: true,
      strip_accents: null,
      lowercase: true,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    post_processor: null,
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(TINY_WORDS.map((word, id) => [word, id])),
    },
  };
}
