import { type ConceptHits, conceptMask, isWordUnit } from "./lexicon.ts";
import type { FeatureSums } from "./ngrams.ts";
import type { FoldedText } from "./normalise.ts";
import { OWN_LINE, type Parts, QUESTION, ROW } from "./parts.ts";
import { RULES, type RuleMatch } from "./rules.ts";
import { WINDOW_STRIDE, WINDOW_UNITS } from "./windows.ts";
import { wordOverlap } from "./word-overlap.ts";

/** A text of fewer folded units, or fewer parts, is no document: nothing can be planted in it. */
export const DOCUMENT_UNITS = 160;
const DOCUMENT_PARTS = 3;

const RESPONSE = conceptMask("response");
const TAMPER = conceptMask("tamper");
const DEICTIC = conceptMask("deictic");
const CODEPLANT = conceptMask("codeplant");
const BADCODE = conceptMask("badcode");
const HARM = conceptMask("harm");

/** Names of the features of the second stage, in order. Part of the model file. */
export const FEATURE_NAMES: readonly string[] = [
  "attackWhole",
  "attackWindow",
  "attackSecondWindow",
  "logLength",
  "knownShare",
  "knownShareWindow",
  "symbolShare",
  "symbolTail",
  "capitalShare",
  "camelShare",
  "digitShare",
  "foreignShare",
  "rareSymbolShare",
  "harm",
  "conceptCount",
  "ruleScore",
  "isDocument",
  "parts",
  "rowShare",
  "instructionBest",
  "instructionGap",
  "instructionRest",
  "instructionShare",
  "attackBest",
  "attackGap",
  "bestAtEdge",
  "bestIsFirst",
  "bestRowMismatch",
  "bestOverlap",
  "bestDeictic",
  "bestResponse",
  "bestTamper",
  "bestCode",
  "bestQuestion",
  "bestLengthShare",
  "bestOwnLine",
  "attackDistinct",
  ...RULES.map((rule) => `rule:${rule.name}`),
];

/** Number of features of the second stage. */
export const FEATURE_COUNT: number = FEATURE_NAMES.length;
const FIRST_RULE = FEATURE_COUNT - RULES.length;

/** What {@link describeText} needs to know of a text. */
export interface TextView {
  readonly folded: FoldedText;
  readonly hits: ConceptHits;
  readonly matches: readonly RuleMatch[];
  readonly ruleScore: number;
  readonly parts: Parts;
  readonly sums: FeatureSums;
}

/** The features of the second stage of one text, written into `out`. Returns the most suspicious folded range. Linear. */
export function describeText(view: TextView, out: Float64Array): { start: number; end: number } {
  const { folded, hits, matches, parts, sums } = view;
  const { counts, length } = folded;
  out.fill(0);
  const windows = bestWindows(sums, length);
  const letters = Math.max(1, counts.letters);
  out[0] = attackScore(sums, 0, length);
  out[36] =
    sums.distinctCount === 0 ? 0 : (sums.attackStep * sums.distinctAttack) / Math.sqrt(sums.distinctCount);
  out[1] = windows.best;
  out[2] = windows.second;
  out[3] = Math.log2(length + 1);
  out[4] = share(sums.known, sums.features, 0, length);
  out[5] = share(sums.known, sums.features, windows.start, windows.end);
  const tail = length - Math.floor(length / 3);
  out[6] = counts.symbols / Math.max(1, length);
  out[7] = countSymbols(folded, tail, length) / Math.max(1, length - tail) - out[6];
  out[8] = counts.capitals / letters;
  out[9] = counts.camels / letters;
  out[10] = counts.digits / Math.max(1, length);
  out[11] = counts.foreignLetters / letters;
  out[12] = (counts.backslashes + counts.percents) / Math.max(1, length);
  let concepts = 0;
  for (let index = 0; index < hits.count; index++) {
    concepts |= hits.masks[index]!;
  }
  out[13] = (concepts & HARM) !== 0 ? 1 : 0;
  out[14] = popCount(concepts & ~DEICTIC);
  out[15] = view.ruleScore;
  for (const match of matches) out[FIRST_RULE + match.rule] = 1;
  const range = { start: windows.start, end: windows.end };
  if (length >= DOCUMENT_UNITS && parts.count >= DOCUMENT_PARTS) describeDocument(view, out, range);
  return range;
}

/** Score of the attack head over a range: the sum over the square root of the number of features, so that lengths compare. */
function attackScore({ attack, features, attackStep }: FeatureSums, from: number, to: number): number {
  const count = features[to]! - features[from]!;
  return count === 0 ? 0 : (attackStep * (attack[to]! - attack[from]!)) / Math.sqrt(count);
}

/** The same of the instruction head. */
function instructionScore(
  { instruction, features, instructionStep }: FeatureSums,
  from: number,
  to: number,
): number {
  const count = features[to]! - features[from]!;
  return count === 0 ? 0 : (instructionStep * (instruction[to]! - instruction[from]!)) / Math.sqrt(count);
}

function describeDocument(view: TextView, out: Float64Array, range: { start: number; end: number }): void {
  const { folded, parts, sums } = view;
  const { starts, count, kinds, masks } = parts;
  let best = 0;
  let bestScore = Number.NEGATIVE_INFINITY;
  let total = 0;
  let above = 0;
  let rows = 0;
  let attackBest = Number.NEGATIVE_INFINITY;
  let attackTotal = 0;
  for (let part = 0; part < count; part++) {
    if ((kinds[part]! & ROW) !== 0) rows++;
  }
  const mostlyRows = rows * 2 > count;
  for (let part = 0; part < count; part++) {
    const from = starts[part]!;
    const to = starts[part + 1]!;
    const instruction = instructionScore(sums, from, to);
    const attack = attackScore(sums, from, to);
    total += instruction;
    attackTotal += attack;
    if (attack > attackBest) attackBest = attack;
    if (instruction > 0) above++;
    if (instruction > bestScore) {
      bestScore = instruction;
      best = part;
    }
  }
  const from = starts[best]!;
  const to = starts[best + 1]!;
  const mask = masks[best]! | (best + 1 < count ? masks[best + 1]! & BADCODE : 0);
  const others = Math.max(1, count - 1);
  out[16] = 1;
  out[17] = Math.log2(count);
  out[18] = rows / count;
  out[19] = bestScore;
  out[20] = bestScore - (total - bestScore) / others;
  out[21] = (total - bestScore) / others;
  out[22] = above / count;
  out[23] = attackBest;
  out[24] = attackBest - attackTotal / count;
  out[25] = best === 0 || best === count - 1 ? 1 : 0;
  out[26] = best === 0 ? 1 : 0;
  out[27] = mostlyRows && (kinds[best]! & ROW) === 0 ? 1 : 0;
  out[28] = wordOverlap(folded, from, to);
  out[29] = (mask & DEICTIC) !== 0 ? 1 : 0;
  out[30] = (mask & RESPONSE) !== 0 ? 1 : 0;
  out[31] = (mask & TAMPER) !== 0 ? 1 : 0;
  out[32] = (mask & CODEPLANT) !== 0 ? 1 : 0;
  out[33] = (kinds[best]! & QUESTION) !== 0 ? 1 : 0;
  out[34] = (to - from) / Math.max(1, folded.length);
  out[35] = (kinds[best]! & OWN_LINE) !== 0 ? 1 : 0;
  if (bestScore > 0) {
    range.start = from;
    range.end = to;
  }
}

function bestWindows(
  sums: FeatureSums,
  length: number,
): { best: number; second: number; start: number; end: number } {
  let best = attackScore(sums, 0, Math.min(length, WINDOW_UNITS));
  let start = 0;
  let second = best;
  for (let from = WINDOW_STRIDE; from < length - WINDOW_STRIDE; from += WINDOW_STRIDE) {
    const to = Math.min(length, from + WINDOW_UNITS);
    const score = attackScore(sums, from, to);
    if (score > best) {
      // Overlapping windows say the same thing twice.
      if (from - start >= WINDOW_UNITS) second = best;
      best = score;
      start = from;
    } else if (score > second && from - start >= WINDOW_UNITS) second = score;
  }
  return { best, second: Math.min(second, best), start, end: Math.min(length, start + WINDOW_UNITS) };
}

function share(part: Int32Array, whole: Int32Array, from: number, to: number): number {
  const all = whole[to]! - whole[from]!;
  return all === 0 ? 0 : (part[to]! - part[from]!) / all;
}

/** Punctuation except the most ordinary (comma, full stop, bar of tables). */
function countSymbols(folded: FoldedText, from: number, to: number): number {
  const { codes } = folded;
  let count = 0;
  for (let at = from; at < to; at++) {
    const code = codes[at]!;
    if (code < 128 && code !== 32 && code !== 44 && code !== 46 && code !== 124 && !isWordUnit(code)) count++;
  }
  return count;
}

function popCount(mask: number): number {
  let count = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++;
  return count;
}
