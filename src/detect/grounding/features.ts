/** The numbers that the grounding model sees: an answer (or one claim of it) against its reference. */
import { type ClaimFacts, factsOfClaim } from "./claims.ts";
import type { Evidence } from "./evidence.ts";
import { collectTerms, matchReference, type Terms } from "./terms.ts";
import { type Tokens, tokenise } from "./tokens.ts";
import { type WordTables, wordTables } from "./word-tables.ts";

/**
 * The features in order. `sign` is how risk may move with the feature: +1 only up, -1 only down, 0 either way; the model is
 * fitted under these constraints so that it cannot learn a source's accident in the wrong direction.
 */
export const FEATURES: readonly { readonly name: string; readonly sign: -1 | 0 | 1 }[] = [
  { name: "containment", sign: -1 },
  { name: "containmentWeighted", sign: -1 },
  { name: "claimCoverAllMin", sign: -1 },
  { name: "claimCoverBestMin", sign: -1 },
  { name: "claimCoverBestMean", sign: -1 },
  { name: "missingWeight", sign: 1 },
  { name: "missingEntityShare", sign: 1 },
  { name: "missingNumberShare", sign: 1 },
  { name: "numberConflicts", sign: 1 },
  { name: "polarityConflicts", sign: 1 },
  { name: "negationMismatch", sign: 0 },
  { name: "antonyms", sign: 1 },
  { name: "hardSiblings", sign: 1 },
  { name: "softSiblings", sign: 1 },
  { name: "exclusives", sign: 1 },
  { name: "pairContainment", sign: -1 },
  { name: "inversion", sign: 1 },
  { name: "personal", sign: 1 },
  { name: "hedges", sign: 0 },
  { name: "headMissing", sign: 1 },
  { name: "answerLength", sign: 0 },
  { name: "referenceLength", sign: 0 },
  { name: "claims", sign: 0 },
  { name: "longestRunShare", sign: -1 },
  { name: "questions", sign: 0 },
  { name: "missingInQuestion", sign: 0 },
  { name: "evidenceUsed", sign: -1 },
  { name: "allWordsContainment", sign: -1 },
  { name: "predicateCoverMin", sign: -1 },
  { name: "predicateMissing", sign: 1 },
  { name: "lastMissing", sign: 1 },
  { name: "unboundNumbers", sign: 1 },
  { name: "replyOpening", sign: 0 },
  { name: "exclamations", sign: 0 },
  { name: "secondPerson", sign: 0 },
  { name: "newContainment", sign: -1 },
  { name: "questionOverlap", sign: 0 },
];

/** An answer made ready for scoring. */
export interface Analysis {
  readonly answer: Tokens;
  readonly reference: Tokens;
  readonly claims: readonly ClaimFacts[];
  /** One value per entry of {@link FEATURES}, for the whole answer. */
  readonly features: Float64Array;
  /** The same for each claim alone. */
  readonly claimFeatures: readonly Float64Array[];
}

/** Claims judged one by one; the words of later ones still count in the whole. */
const MAX_CLAIMS = 256;

/** Texts up to this length share their arrays from call to call; longer ones leave nothing behind. */
const REUSE_CHARACTERS = 65536;

const shared: (Tokens | undefined)[] = [];

function reusable(text: string, slot: number): Tokens | undefined {
  if (text.length > REUSE_CHARACTERS) return undefined;
  shared[slot] ??= tokenise("");
  return shared[slot];
}

/**
 * Reads an answer against its reference. Linear in both.
 * The tokens of the analysis are valid until the next call; the features are its own.
 * @param question what was asked, if known
 */
export function analyse(answerText: string, referenceText: string, question = ""): Analysis {
  const answer = tokenise(answerText, reusable(answerText, 0));
  const reference = tokenise(referenceText, reusable(referenceText, 1));
  const terms = collectTerms(answer);
  if (question !== "") markQuestion(terms, tokenise(question));
  const matched = matchReference(terms, answer, reference);
  const evidence: Evidence = {
    tokens: reference,
    ...matched,
    score:
      reference.sentenceCount < reusedScore.length
        ? reusedScore
        : new Float64Array(reference.sentenceCount + 1),
  };
  const words = wordTables(answer, reference);
  const claims: ClaimFacts[] = [];
  for (let sentence = 0; sentence < answer.sentenceCount && claims.length < MAX_CLAIMS; sentence++) {
    const facts = factsOfClaim(
      answer,
      terms,
      evidence,
      answer.sentenceToken[sentence]!,
      answer.sentenceToken[sentence + 1]!,
      answerText,
    );
    claims.push(facts);
  }
  const span = (from: number, to: number, own: readonly ClaimFacts[]): Float64Array =>
    featuresOf(terms, words, from, to, own, reference.count);
  return {
    answer,
    reference,
    claims,
    features: span(0, answer.count, claims),
    claimFeatures: claims.length === 1 ? [] : claims.map((claim) => span(claim.from, claim.to, [claim])),
  };
}

function markQuestion(terms: Terms, question: Tokens): void {
  const stems = new Set<number>();
  for (let index = 0; index < question.count; index++) stems.add(question.stem[index]!);
  for (const term of terms.list) term.inQuestion = stems.has(term.stem);
}

/** Scores of sentences; every claim leaves them zero. */
const reusedScore = new Float64Array(512);

function featuresOf(
  terms: Terms,
  words: WordTables,
  from: number,
  to: number,
  claims: readonly ClaimFacts[],
  referenceCount: number,
): Float64Array {
  const values = new Float64Array(FEATURES.length);
  let content = 0;
  let found = 0;
  let weight = 0;
  let covered = 0;
  let fresh = 0;
  let freshCovered = 0;
  let known = 0;
  let run = 0;
  let longest = 0;
  let pairs = 0;
  let pairsFound = 0;
  for (let index = from; index < to; index++) {
    known += words.known[index]!;
    if (words.known[index] === 1) run = run > 0 && words.pair[index - 1] === 1 ? run + 1 : 1;
    else run = 0;
    if (run > longest) longest = run;
    if (index + 1 < to) {
      const first = terms.termOfToken[index]!;
      const second = terms.termOfToken[index + 1]!;
      if (first >= 0 || second >= 0) {
        pairs++;
        pairsFound += words.pair[index]!;
      }
    }
    const id = terms.termOfToken[index]!;
    if (id < 0) continue;
    const term = terms.list[id]!;
    content++;
    if (term.found >= 0.9) found++;
    weight += term.weight;
    covered += term.weight * term.found;
    if (!term.inQuestion) {
      fresh += term.weight;
      freshCovered += term.weight * term.found;
    }
  }
  let coverAllMin = 1;
  let coverBestMin = 1;
  let coverBest = 0;
  let claimWeight = 0;
  let missing = 0;
  let entities = 0;
  let missingEntities = 0;
  let numbers = 0;
  let missingNumbers = 0;
  let numberConflicts = 0;
  let polarity = 0;
  let mismatch = 0;
  let antonyms = 0;
  let hard = 0;
  let soft = 0;
  let exclusives = 0;
  let inversion = 0;
  let personal = 0;
  let hedges = 0;
  let heads = 0;
  let questions = 0;
  let inQuestion = 0;
  let evidenceUsed = 0;
  let predicateCover = 1;
  let predicateMissing = 0;
  let lastMissing = 0;
  let unbound = 0;
  let exclamations = 0;
  let second = 0;
  for (const claim of claims) {
    if (claim.isQuestion) questions++;
    if (claim.isExclamation) exclamations++;
    second += claim.second;
    personal += claim.personal;
    hedges += claim.hedges;
    if (claim.content === 0) continue;
    coverAllMin = Math.min(coverAllMin, claim.coverAll);
    coverBestMin = Math.min(coverBestMin, claim.coverBest);
    coverBest += claim.coverBest * claim.weight;
    claimWeight += claim.weight;
    missing += claim.missingWeight;
    entities += claim.entities;
    missingEntities += claim.missingEntities;
    numbers += claim.numbers;
    missingNumbers += claim.missingNumbers;
    numberConflicts += claim.numberConflict;
    antonyms += claim.antonyms;
    hard += claim.hardSiblings;
    soft += claim.softSiblings;
    exclusives += claim.exclusives;
    inversion = Math.max(inversion, claim.inversion);
    if (claim.headMissing) heads++;
    inQuestion += claim.missingInQuestion;
    predicateCover = Math.min(predicateCover, claim.coverPredicate);
    predicateMissing += claim.missingPredicate;
    if (claim.lastMissing) lastMissing++;
    unbound += claim.unboundNumbers;
    evidenceUsed = Math.max(evidenceUsed, claim.evidenceUsed);
    const differs = isPolarityConflict(claim);
    if (claim.evidence >= 0 && claim.negated !== claim.evidenceNegated) mismatch++;
    if (differs) polarity++;
  }
  const count = Math.max(1, to - from);
  values[0] = content === 0 ? 1 : found / content;
  values[1] = weight === 0 ? 1 : covered / weight;
  values[2] = coverAllMin;
  values[3] = coverBestMin;
  values[4] = claimWeight === 0 ? 1 : coverBest / claimWeight;
  values[5] = Math.log1p(missing);
  values[6] = entities === 0 ? 0 : missingEntities / entities;
  values[7] = numbers === 0 ? 0 : missingNumbers / numbers;
  values[8] = numberConflicts;
  values[9] = polarity;
  values[10] = mismatch;
  values[11] = antonyms;
  values[12] = hard;
  values[13] = soft;
  values[14] = exclusives;
  values[15] = pairs === 0 ? 1 : pairsFound / pairs;
  values[16] = inversion;
  values[17] = personal;
  values[18] = hedges;
  values[19] = heads;
  values[20] = Math.log1p(content);
  values[21] = Math.log1p(referenceCount);
  values[22] = claims.length;
  values[23] = longest / count;
  values[24] = questions;
  values[25] = inQuestion;
  values[26] = evidenceUsed;
  values[27] = known / count;
  values[28] = predicateCover;
  values[29] = Math.log1p(predicateMissing);
  values[30] = lastMissing;
  values[31] = unbound;
  values[32] = claims[0]?.isReply === true ? 1 : 0;
  values[33] = exclamations;
  values[34] = second;
  values[35] = fresh === 0 ? 1 : freshCovered / fresh;
  values[36] = weight === 0 ? 0 : 1 - fresh / weight;
  return values;
}

/**
 * Whether claim and evidence point opposite ways once negation is counted: a negated claim whose every word is affirmed, or an
 * affirmed one with an opposite or a substitute in its place.
 */
export function isPolarityConflict(claim: ClaimFacts): boolean {
  if (claim.evidence < 0) return false;
  const differs =
    claim.antonyms + claim.hardSiblings + claim.softSiblings + claim.numberConflict > 0 || claim.headMissing;
  return claim.negated !== claim.evidenceNegated ? !differs : differs;
}
