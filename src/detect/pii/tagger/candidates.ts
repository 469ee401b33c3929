/** Which words the tagger looks at; every other word is outside without being scored. */
import { classesAt, type WordFacts } from "./features.ts";
import { type Gazetteer, isLowerCandidate, WORD } from "./gazetteer.ts";
import { OUTSIDE } from "./labels.ts";
import { GAP, SHAPE, type TokenBuffer } from "./tokens.ts";

const EVERYDAY = WORD.common | WORD.veryCommon;
const KNOWN = WORD.lastTop | WORD.last | WORD.place | WORD.country;

/**
 * True when word `i` may belong to an entity: capitalised (but not an everyday word at the start of a sentence),
 * without case, a known name in lower case, a word after an introducing one, a name particle, a number before a
 * capitalised word, or the neighbour of an entity.
 * @param before label of the word before
 */
export function isCandidate(
  tokens: TokenBuffer,
  gazetteer: Gazetteer,
  facts: WordFacts,
  i: number,
  before: number,
): boolean {
  const shape = tokens.shape[i]!;
  if (before !== OUTSIDE) return tokens.gap[i]! < GAP.exclamation || shape !== SHAPE.lower;
  if (shape === SHAPE.lower) {
    const classes = facts.classes[i]!;
    if (classes > 0) {
      if (isLowerCandidate(classes)) return true;
      if ((classes & WORD.particle) !== 0 && isCapital(shapeAfter(tokens, i, GAP.apostrophe))) return true;
    }
    if (i === 0 || tokens.gap[i]! > GAP.colon) return false;
    const previous = facts.classes[i - 1]!;
    return (
      previous > 0 &&
      (previous & (WORD.intro | WORD.title)) !== 0 &&
      (classesAt(tokens, gazetteer, facts, i) & WORD.veryCommon) === 0
    );
  }
  if (shape === SHAPE.digits || shape === SHAPE.alphanumeric) {
    const next = shapeAfter(tokens, i, GAP.space);
    return isCapital(next) || next === SHAPE.digits;
  }
  if (shape === SHAPE.caseless) return tokens.end[i]! - tokens.start[i]! <= 12;
  if (shape === SHAPE.capitalised || shape === SHAPE.initial) {
    const classes = facts.classes[i]!;
    if ((classes & EVERYDAY) === 0 || (classes & WORD.first) !== 0) return true;
    if ((classes & WORD.veryCommon) === 0 && ((classes & KNOWN) !== 0 || tokens.gap[i]! < GAP.quote))
      return true;
    const next = shapeAfter(tokens, i, GAP.period);
    return next !== SHAPE.lower && next !== SHAPE.digits;
  }
  return true;
}

/** Shape of the next word when no more than `gap` stands between; else lower. */
function shapeAfter(tokens: TokenBuffer, i: number, gap: number): number {
  return i + 1 < tokens.count && tokens.gap[i + 1]! <= gap ? tokens.shape[i + 1]! : SHAPE.lower;
}

function isCapital(shape: number): boolean {
  return shape === SHAPE.capitalised || shape === SHAPE.mixed;
}
