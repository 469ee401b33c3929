/** A claim word by word beside its best sentence: what contradicts it, what changed places. */
import { type Evidence, hasSibling, positionOf, says, saysOpposite, strengthNear } from "./evidence.ts";
import { TRAIT, type WordEntry } from "./lexicon.ts";
import type { Terms } from "./terms.ts";
import { TOKEN, type Tokens } from "./tokens.ts";

/** What the comparison of a claim with a sentence gives; see the same names of `ClaimFacts`. */
export interface Detail {
  readonly numberConflict: number;
  readonly evidenceNegated: boolean;
  readonly antonyms: number;
  readonly hardSiblings: number;
  readonly softSiblings: number;
  readonly exclusives: number;
  readonly inversion: number;
  readonly evidenceUsed: number;
  readonly unboundNumbers: number;
}

/** Of a claim that no sentence fits. */
export const EMPTY_DETAIL: Detail = {
  numberConflict: 0,
  evidenceNegated: false,
  antonyms: 0,
  hardSiblings: 0,
  softSiblings: 0,
  exclusives: 0,
  inversion: 0,
  evidenceUsed: 0,
  unboundNumbers: 0,
};

/** Compares tokens `from`..`to` of the answer with sentence `best` of the reference. Linear in both. */
export function compare(
  answer: Tokens,
  terms: Terms,
  evidence: Evidence,
  from: number,
  to: number,
  best: number,
  hasBy: boolean,
  exclusivesInClaim: number,
): Detail {
  const reference = evidence.tokens;
  const begin = reference.sentenceToken[best]!;
  const end = reference.sentenceToken[best + 1]!;
  let first = -1;
  let last = -1;
  let content = 0;
  let used = 0;
  let exclusivesInEvidence = 0;
  let evidenceBy = false;
  let years = 0;
  let plainNumbers = 0;
  for (let index = begin; index < end; index++) {
    const traits = evidence.entryOfToken[index]?.traits ?? 0;
    if ((traits & (TRAIT.stop | TRAIT.negation)) === 0 && (reference.flags[index]! & TOKEN.letter) === 0)
      content++;
    if ((traits & TRAIT.exclusive) !== 0) exclusivesInEvidence++;
    if ((traits & TRAIT.by) !== 0) evidenceBy = true;
    const value = numberAt(reference, evidence.entryOfToken[index], index);
    if (!Number.isNaN(value)) {
      if (isYear(value)) years++;
      else plainNumbers++;
    }
    if (evidence.termOfToken[index]! >= 0) {
      used++;
      if (first < 0) first = index;
      last = index;
    }
  }
  // A negation belongs to what it stands by: long sentences negate one clause, not all of them.
  const isShort = end - begin <= 20;
  const low = isShort || first < 0 ? begin : Math.max(begin, first - 3);
  const high = isShort || last < 0 ? end : Math.min(end, last + 3);
  let evidenceNegated = false;
  let lastNegation = -99;
  for (let index = low; index < high; index++) {
    if ((reference.flags[index]! & TOKEN.negated) !== 0) evidenceNegated = true;
    const traits = evidence.entryOfToken[index]?.traits ?? 0;
    if ((traits & TRAIT.negation) === 0) continue;
    evidenceNegated = index - lastNegation > 3 || !evidenceNegated;
    lastNegation = index;
  }
  let antonyms = 0;
  let hardSiblings = 0;
  let softSiblings = 0;
  let numberConflict = 0;
  let unboundNumbers = 0;
  let previous = -1;
  let pairs = 0;
  let inverted = 0;
  for (let index = from; index < to; index++) {
    const entry = terms.entryOfToken[index];
    const id = terms.termOfToken[index]!;
    const term = id >= 0 ? terms.list[id] : undefined;
    const near = term === undefined ? 0 : strengthNear(term, best);
    if (near === 0 && term !== undefined && !Number.isNaN(term.value)) {
      if (isYear(term.value) ? years > 0 : plainNumbers > 0) numberConflict++;
    }
    if (near > 0.6 && term !== undefined && !Number.isNaN(term.value)) {
      if (isUnbound(terms, evidence, from, to, index, begin, end)) unboundNumbers++;
    }
    if (entry !== undefined && near < 0.9) {
      if (entry.opposites.length > 0 && !says(reference, begin, end, answer.word[index]!)) {
        if (saysOpposite(evidence, begin, end, entry)) antonyms++;
      }
      if (entry.classId !== 0 && near < 0.75) {
        const sibling = hasSibling(evidence, begin, end, entry);
        if (sibling) {
          if (entry.hard) hardSiblings++;
          else softSiblings++;
        }
      }
    }
    if (near > 0.6 && id >= 0) {
      const position = positionOf(evidence, begin, end, id);
      if (position >= 0) {
        if (previous >= 0) {
          pairs++;
          if (position < previous) inverted++;
        }
        previous = position;
      }
    }
  }
  const share = pairs === 0 ? 0 : inverted / pairs;
  return {
    numberConflict,
    evidenceNegated,
    antonyms,
    hardSiblings,
    softSiblings,
    exclusives: Math.max(0, exclusivesInClaim - exclusivesInEvidence),
    inversion: hasBy === evidenceBy || pairs < 2 ? share : 0,
    evidenceUsed: content === 0 ? 0 : Math.min(1, used / content),
    unboundNumbers,
  };
}

/** Whether a number's neighbour in the claim stands in the evidence sentence, but never near that number. */
function isUnbound(
  terms: Terms,
  evidence: Evidence,
  from: number,
  to: number,
  at: number,
  begin: number,
  end: number,
): boolean {
  const id = terms.termOfToken[at]!;
  let neighbour = -1;
  for (let step = 1; step <= 2 && neighbour < 0; step++) {
    const after = at + step < to ? terms.termOfToken[at + step]! : -1;
    const before = at - step >= from ? terms.termOfToken[at - step]! : -1;
    neighbour = after >= 0 ? after : before;
  }
  if (neighbour < 0 || neighbour === id) return false;
  let met = false;
  for (let index = begin; index < end; index++) {
    if (evidence.termOfToken[index] !== neighbour) continue;
    met = true;
    for (let near = Math.max(begin, index - 3); near <= index + 3 && near < end; near++)
      if (evidence.termOfToken[near] === id) return false;
  }
  return met && positionOf(evidence, begin, end, id) >= 0;
}

function numberAt(tokens: Tokens, entry: WordEntry | undefined, index: number): number {
  return (tokens.flags[index]! & TOKEN.number) !== 0 ? tokens.value[index]! : (entry?.value ?? Number.NaN);
}

function isYear(value: number): boolean {
  return value >= 1000 && value <= 2100 && Number.isInteger(value);
}
