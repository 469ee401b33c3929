import { type ConceptHits, createConceptHits, scanConcepts } from "./lexicon.ts";
import type { LinearRow } from "./linear.ts";
import { type FeatureSums, visitFeatures } from "./ngrams.ts";
import { createFoldBuffer, type FoldedText, foldText } from "./normalise.ts";
import { createParts, cutParts, type Parts } from "./parts.ts";
import { matchRules, type RuleMatch, scoreByRules } from "./rules.ts";
import { DOCUMENT_UNITS, describeText, FEATURE_COUNT } from "./sketch.ts";
import type { TrainingItem } from "./training-item.ts";

/** Longest text that is trained on, UTF-16 units; the rest says the same again. */
const MAX_UNITS = 3_000;
/** Longer texts are cut into rows of about this many folded units: half of a row of an attack should show it. */
const TRAINING_WINDOW_UNITS = 800;
/** Parts of one document that become rows of the instruction head at most. */
const MAX_PART_ROWS = 12;

/** An item with everything that does not depend on weights. */
export interface SketchedItem {
  readonly item: TrainingItem;
  readonly folded: FoldedText;
  readonly hits: ConceptHits;
  readonly matches: readonly RuleMatch[];
  readonly ruleScore: number;
  readonly parts: Parts;
  /** Hashed features and the folded positions they belong to. */
  readonly slots: Int32Array;
  readonly positions: Uint16Array;
  readonly attackRows: readonly LinearRow[];
  readonly instructionRows: readonly LinearRow[];
}

const buffer = createFoldBuffer();
const foundHits = createConceptHits();
const cut = createParts();

/** Reads an item once. */
export function sketchItem(item: TrainingItem): SketchedItem {
  foldText(item.text.slice(0, MAX_UNITS), buffer);
  scanConcepts(buffer, foundHits);
  cutParts(buffer, foundHits, cut);
  const slots: number[] = [];
  const positions: number[] = [];
  visitFeatures(buffer, foundHits, (slot, position) => {
    slots.push(slot);
    positions.push(position);
  });
  const folded: FoldedText = {
    ...buffer,
    codes: buffer.codes.slice(0, buffer.length),
    offsets: buffer.offsets.slice(0, buffer.length + 1),
    lineStarts: buffer.lineStarts.slice(0, buffer.lineCount),
    counts: { ...buffer.counts },
  };
  const hits: ConceptHits = {
    count: foundHits.count,
    masks: foundHits.masks.slice(0, foundHits.count),
    starts: foundHits.starts.slice(0, foundHits.count),
    ends: foundHits.ends.slice(0, foundHits.count),
  };
  const parts: Parts = {
    count: cut.count,
    starts: cut.starts.slice(0, cut.count + 1),
    masks: cut.masks.slice(0, cut.count),
    kinds: cut.kinds.slice(0, cut.count),
  };
  const matches = matchRules(hits);
  const features = { slots: Int32Array.from(slots), positions: Uint16Array.from(positions) };
  return {
    item,
    folded,
    hits,
    matches,
    ruleScore: scoreByRules(matches),
    parts,
    ...features,
    attackRows: attackRows(item, folded, features),
    instructionRows: instructionRows(item, folded, parts, features),
  };
}

/** Rows of the second stage: features of every item under the given heads. */
export function describeSketch(
  sketch: SketchedItem,
  attack: Int8Array,
  instruction: Int8Array,
  steps: readonly [number, number],
): Float64Array {
  const { folded, slots, positions } = sketch;
  const size = folded.length + 2;
  const sums: FeatureSums = {
    attack: new Int32Array(size),
    instruction: new Int32Array(size),
    features: new Int32Array(size),
    known: new Int32Array(size),
    attackStep: steps[0],
    instructionStep: steps[1],
    distinctAttack: 0,
    distinctCount: 0,
  };
  for (const slot of new Set(slots)) {
    sums.distinctAttack += attack[slot]!;
    sums.distinctCount++;
  }
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at]!;
    const after = Math.min(positions[at]! + 1, folded.length);
    sums.attack[after]! += attack[slot]!;
    sums.instruction[after]! += instruction[slot]!;
    sums.features[after]! += 1;
    sums.known[after]! += attack[slot] === 0 ? 0 : 1;
  }
  for (let at = 1; at < size; at++) {
    sums.attack[at]! += sums.attack[at - 1]!;
    sums.instruction[at]! += sums.instruction[at - 1]!;
    sums.features[at]! += sums.features[at - 1]!;
    sums.known[at]! += sums.known[at - 1]!;
  }
  const row = new Float64Array(FEATURE_COUNT);
  describeText({ ...sketch, sums }, row);
  return row;
}

interface Features {
  readonly slots: Int32Array;
  readonly positions: Uint16Array;
}

/** Windows of about {@link TRAINING_WINDOW_UNITS}; of a planted text only the ones about the instruction. */
function attackRows(item: TrainingItem, folded: FoldedText, features: Features): LinearRow[] {
  // Harmless elsewhere: the attack head must not learn it as an attack.
  if (item.planted?.plain) return [];
  const ranges: [number, number][] = [];
  if (item.planted) {
    const from = foldedPosition(folded, item.planted.start);
    ranges.push([Math.max(0, from - 40), foldedPosition(folded, item.planted.end) + 40]);
  } else {
    const count = Math.max(1, Math.round(folded.length / TRAINING_WINDOW_UNITS));
    const units = Math.ceil((folded.length + 1) / count);
    for (let from = 0; from <= folded.length; from += units) ranges.push([from, from + units]);
  }
  const weight = 1 / Math.sqrt(ranges.length);
  return sliceRows(features, ranges).map((slots) => ({
    slots: Int32Array.from(new Set(slots)),
    label: item.label,
    weight,
  }));
}

/** The planted instruction against the parts of the document; prompts that ask or order against prose. */
function instructionRows(
  item: TrainingItem,
  folded: FoldedText,
  parts: Parts,
  features: Features,
): LinearRow[] {
  if (item.planted) {
    const from = foldedPosition(folded, item.planted.start);
    const to = foldedPosition(folded, item.planted.end);
    const [slots] = sliceRows(features, [[from, to]]);
    return slots ? [{ slots, label: 1, weight: 1 }] : [];
  }
  if (item.label === 1) return [];
  if (item.kind === "own" && item.source === "own/task") {
    return sliceRows(features, [[0, folded.length + 1]]).map((slots) => ({ slots, label: 1, weight: 1 }));
  }
  const isDocument = item.kind === "benign-document" || item.source === "own/tables";
  if (isDocument && folded.length >= DOCUMENT_UNITS) {
    const ranges: [number, number][] = [];
    const stride = Math.max(1, Math.ceil(parts.count / MAX_PART_ROWS));
    for (let part = 0; part < parts.count; part += stride) {
      ranges.push([parts.starts[part]!, parts.starts[part + 1]!]);
    }
    const weight = 2 / Math.sqrt(ranges.length);
    return sliceRows(features, ranges).map((slots) => ({ slots, label: 0, weight }));
  }
  const asks = ASKS.test(item.text);
  if (folded.length > 300) return [];
  return sliceRows(features, [[0, folded.length + 1]]).map((slots) => ({
    slots,
    label: asks ? 1 : 0,
    weight: 0.5,
  }));
}

/** First words of requests and questions, English. */
const ASKS =
  /^(?:please |can you |could you )?(?:what|who|when|where|which|why|how|is|are|do|does|can|should|write|give|explain|describe|list|create|generate|translate|summari[sz]e|make|tell|find|compose|draft|design|develop|provide|suggest|compare|convert|calculate|classify|identify|rewrite|show|implement|build|construct|name|discuss|define|imagine|act|you are|craft|help|recommend|outline|propose|analy[sz]e|brainstorm|determine|edit|extract|solve|answer)\b/i;

function sliceRows(features: Features, ranges: readonly (readonly [number, number])[]): Int32Array[] {
  const { slots, positions } = features;
  const lists: number[][] = ranges.map(() => []);
  for (let at = 0; at < slots.length; at++) {
    const position = positions[at]!;
    for (const [index, [from, to]] of ranges.entries()) {
      if (position >= from && position < to) lists[index]!.push(slots[at]!);
    }
  }
  return lists.filter((list) => list.length > 0).map((list) => Int32Array.from(list));
}

/** Folded position of an offset of the original: the first unit at or after it. */
function foldedPosition(folded: FoldedText, offset: number): number {
  let low = 0;
  let high = folded.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (folded.offsets[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
