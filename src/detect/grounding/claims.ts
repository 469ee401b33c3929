/** Each claim of an answer beside its best evidence: what is said, what is missing, what contradicts. */
import { TRAIT, type WordEntry } from "./lexicon.ts";
import type { Term, Terms } from "./terms.ts";
import { TOKEN, type Tokens } from "./tokens.ts";

/** Why a claim is doubted, in the field's words. */
export type GroundingReason =
  | "unsupported_words"
  | "unsupported_entity"
  | "unsupported_number"
  | "number_conflict"
  | "negation_conflict"
  | "antonym_conflict"
  | "substitution"
  | "order_swapped"
  | "overstated"
  | "personal_statement"
  | "no_evidence";

/** What was measured for one claim; counts are over distinct terms, shares in [0, 1]. */
export interface ClaimFacts {
  /** First and last (exclusive) token of the claim in the answer. */
  readonly from: number;
  readonly to: number;
  /** Sentence of the reference that says most of it; -1 when none does. */
  readonly evidence: number;
  readonly content: number;
  readonly weight: number;
  /** Share of the weight found anywhere, and in the best sentence with its neighbours. */
  readonly coverAll: number;
  readonly coverBest: number;
  readonly missingWeight: number;
  readonly missingEntities: number;
  readonly entities: number;
  readonly missingNumbers: number;
  readonly numbers: number;
  readonly numberConflict: number;
  readonly negated: boolean;
  readonly evidenceNegated: boolean;
  readonly antonyms: number;
  readonly hardSiblings: number;
  readonly softSiblings: number;
  readonly exclusives: number;
  readonly inversion: number;
  readonly personal: number;
  readonly hedges: number;
  readonly headMissing: boolean;
  readonly isQuestion: boolean;
  readonly isExclamation: boolean;
  /** Begins as a reply in talk does ("yes", "well"). */
  readonly isReply: boolean;
  /** Words that address the reader. */
  readonly second: number;
  readonly missingInQuestion: number;
  /** Share of the weight after the subject found in the best sentence and its neighbours. */
  readonly coverPredicate: number;
  /** Weight of what is missing there. */
  readonly missingPredicate: number;
  /** Whether the last content word of the claim is missing: English puts what is new at the end. */
  readonly lastMissing: boolean;
  /** Numbers that the evidence says of something else. */
  readonly unboundNumbers: number;
  /** Share of the best sentence's own content that the claim repeats. */
  readonly evidenceUsed: number;
}

/** The reference as {@link factsOfClaim} needs it. */
export interface Evidence {
  readonly tokens: Tokens;
  readonly termOfToken: Int32Array;
  readonly entryOfToken: readonly (WordEntry | undefined)[];
  /** Scratch: score per sentence, zero between calls. */
  readonly score: Float64Array;
}

/** Measures the claim made by tokens `from`..`to` of the answer. Linear in claim and evidence sentence. */
export function factsOfClaim(
  answer: Tokens,
  terms: Terms,
  evidence: Evidence,
  from: number,
  to: number,
  answerText: string,
): ClaimFacts {
  const mine: number[] = [];
  let negated = false;
  let exclusivesInClaim = 0;
  let personal = 0;
  let hedges = 0;
  let hasBy = false;
  let lastNegation = -99;
  let second = 0;
  for (let index = from; index < to; index++) {
    const term = terms.termOfToken[index]!;
    if (term >= 0 && !mine.includes(term)) mine.push(term);
    if ((answer.flags[index]! & TOKEN.negated) !== 0) negated = true;
    const traits = terms.entryOfToken[index]?.traits ?? 0;
    if (traits === 0) continue;
    if ((traits & TRAIT.negation) !== 0) {
      // Two negations beside each other cancel ("not without"); further apart they negate two clauses.
      negated = index - lastNegation > 3 || !negated;
      lastNegation = index;
    }
    if ((traits & TRAIT.exclusive) !== 0) exclusivesInClaim++;
    if ((traits & TRAIT.personal) !== 0) personal++;
    if ((traits & TRAIT.hedge) !== 0) hedges++;
    if ((traits & TRAIT.by) !== 0) hasBy = true;
    if ((traits & TRAIT.second) !== 0) second++;
  }
  const best = bestSentence(terms.list, mine, evidence.score);
  let weight = 0;
  let coveredAll = 0;
  let coveredBest = 0;
  let missingWeight = 0;
  let entities = 0;
  let missingEntities = 0;
  let numbers = 0;
  let missingNumbers = 0;
  let missingInQuestion = 0;
  for (const id of mine) {
    const term = terms.list[id]!;
    weight += term.weight;
    coveredAll += term.weight * term.found;
    const near = strengthNear(term, best);
    coveredBest += term.weight * near;
    const isNumber = !Number.isNaN(term.value);
    if (term.isEntity) entities++;
    if (isNumber) numbers++;
    if (term.found > 0) continue;
    missingWeight += term.weight;
    if (term.isEntity) missingEntities++;
    if (isNumber) missingNumbers++;
    if (term.inQuestion) missingInQuestion++;
  }
  const predicate = predicateOf(answer, terms, from, to, best);
  const detail =
    best < 0 ? EMPTY_DETAIL : compare(answer, terms, evidence, from, to, best, hasBy, exclusivesInClaim);
  const lastUnit = answerText.charCodeAt(
    Math.min(answerText.length - 1, closingOffset(answer, to, answerText)),
  );
  return {
    from,
    to,
    evidence: best,
    content: mine.length,
    weight,
    coverAll: weight === 0 ? 1 : coveredAll / weight,
    coverBest: weight === 0 ? 1 : coveredBest / weight,
    missingWeight,
    entities,
    missingEntities,
    numbers,
    missingNumbers,
    negated,
    personal,
    hedges,
    missingInQuestion,
    second,
    isReply: ((terms.entryOfToken[from]?.traits ?? 0) & TRAIT.reply) !== 0,
    isQuestion: lastUnit === 63,
    isExclamation: lastUnit === 33,
    headMissing: headIsMissing(answer, terms, from, to, best),
    ...predicate,
    ...detail,
  };
}

/** How far the part after the subject is covered; the subject may be a pronoun or a title in the reference. */
function predicateOf(
  answer: Tokens,
  terms: Terms,
  from: number,
  to: number,
  best: number,
): Pick<ClaimFacts, "coverPredicate" | "missingPredicate" | "lastMissing"> {
  let weight = 0;
  let covered = 0;
  let last = -1;
  for (let index = subjectEnd(answer, terms, from, to); index < to; index++) {
    const id = terms.termOfToken[index]!;
    if (id < 0) continue;
    const term = terms.list[id]!;
    weight += term.weight;
    covered += term.weight * strengthNear(term, best);
    last = id;
  }
  return {
    coverPredicate: weight === 0 ? 1 : covered / weight,
    missingPredicate: weight - covered,
    lastMissing: last >= 0 && strengthNear(terms.list[last]!, best) === 0,
  };
}

/** First token after the leading run of names (with the function words between them), or `from` when nothing would be left. */
function subjectEnd(answer: Tokens, terms: Terms, from: number, to: number): number {
  let end = from;
  for (let index = from; index < to && index < from + 12; index++) {
    const flags = answer.flags[index]!;
    const traits = terms.entryOfToken[index]?.traits ?? 0;
    if ((traits & TRAIT.copula) !== 0) {
      end = index;
      break;
    }
    if ((flags & TOKEN.capital) !== 0) end = index + 1;
    else if (terms.termOfToken[index]! >= 0 && (flags & TOKEN.number) === 0) break;
  }
  for (let index = end; index < to; index++) if (terms.termOfToken[index]! >= 0) return end;
  return from;
}

interface Detail {
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

const EMPTY_DETAIL: Detail = {
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

function compare(
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

/** The sentence whose terms weigh most, ties to the earlier one; leaves `score` zeroed. */
function bestSentence(terms: readonly Term[], mine: readonly number[], score: Float64Array): number {
  let best = -1;
  let top = 0;
  for (const id of mine) {
    const term = terms[id]!;
    // A word of every sentence says little about which one is meant.
    const weight = term.weight / Math.sqrt(1 + term.sentences.length);
    for (let hit = 0; hit < term.sentences.length; hit++) {
      const sentence = term.sentences[hit]!;
      score[sentence]! += weight * term.strengths[hit]!;
      if (score[sentence]! > top + 1e-9) {
        top = score[sentence]!;
        best = sentence;
      }
    }
  }
  for (const id of mine) for (const sentence of terms[id]!.sentences) score[sentence] = 0;
  return best;
}

/** Strength in the sentence itself, a little less in its neighbours. */
function strengthNear(term: Term, sentence: number): number {
  if (sentence < 0) return 0;
  let strength = 0;
  for (let hit = 0; hit < term.sentences.length; hit++) {
    const distance = term.sentences[hit]! - sentence;
    if (distance < -1) continue;
    if (distance > 1) break;
    const here = term.strengths[hit]! * (distance === 0 ? 1 : 0.7);
    if (here > strength) strength = here;
  }
  return strength;
}

function says(reference: Tokens, begin: number, end: number, word: number): boolean {
  for (let index = begin; index < end; index++) if (reference.word[index] === word) return true;
  return false;
}

function saysOpposite(evidence: Evidence, begin: number, end: number, entry: WordEntry): boolean {
  for (let index = begin; index < end; index++) {
    const id = evidence.entryOfToken[index]?.id ?? 0;
    if (id !== 0 && entry.opposites.includes(id)) return true;
  }
  return false;
}

function hasSibling(evidence: Evidence, begin: number, end: number, entry: WordEntry): boolean {
  let sibling = false;
  for (let index = begin; index < end; index++) {
    const other = evidence.entryOfToken[index];
    if (other === undefined || other.classId !== entry.classId) continue;
    if (other.memberId === entry.memberId) return false;
    sibling = true;
  }
  return sibling;
}

function positionOf(evidence: Evidence, begin: number, end: number, term: number): number {
  for (let index = begin; index < end; index++) if (evidence.termOfToken[index] === term) return index;
  return -1;
}

/** Whether the noun that a form of "be" assigns ("is a … N") is missing from the evidence. */
function headIsMissing(answer: Tokens, terms: Terms, from: number, to: number, best: number): boolean {
  for (let index = from; index < to; index++) {
    if (((terms.entryOfToken[index]?.traits ?? 0) & TRAIT.copula) === 0) continue;
    let head = -1;
    for (let next = index + 1; next < to; next++) {
      const id = terms.termOfToken[next]!;
      if (id >= 0) {
        head = id;
        if ((answer.flags[next]! & TOKEN.closed) !== 0) break;
      } else if (head >= 0) break;
    }
    return head >= 0 && strengthNear(terms.list[head]!, best) === 0;
  }
  return false;
}

function numberAt(tokens: Tokens, entry: WordEntry | undefined, index: number): number {
  return (tokens.flags[index]! & TOKEN.number) !== 0 ? tokens.value[index]! : (entry?.value ?? Number.NaN);
}

function isYear(value: number): boolean {
  return value >= 1000 && value <= 2100 && Number.isInteger(value);
}

function closingOffset(answer: Tokens, to: number, text: string): number {
  let at = answer.end[to - 1]!;
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 34)) at++;
  return at;
}
