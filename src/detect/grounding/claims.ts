/** Each claim of an answer beside its best evidence: what is said, what is missing, what contradicts. */
import { compare, EMPTY_DETAIL } from "./comparison.ts";
import { bestSentence, type Evidence, strengthNear } from "./evidence.ts";
import { TRAIT } from "./lexicon.ts";
import type { Terms } from "./terms.ts";
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

function closingOffset(answer: Tokens, to: number, text: string): number {
  let at = answer.end[to - 1]!;
  while (at < text.length && (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 34)) at++;
  return at;
}
