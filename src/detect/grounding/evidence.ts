/** Where the reference says what: the sentence that fits a claim best, and what that sentence says. */
import type { WordEntry } from "./lexicon.ts";
import type { Term } from "./terms.ts";
import type { Tokens } from "./tokens.ts";

/** The reference as {@link factsOfClaim} needs it. */
export interface Evidence {
  readonly tokens: Tokens;
  readonly termOfToken: Int32Array;
  readonly entryOfToken: readonly (WordEntry | undefined)[];
  /** Scratch: score per sentence, zero between calls. */
  readonly score: Float64Array;
}

/** The sentence whose terms weigh most, ties to the earlier one; leaves `score` zeroed. */
export function bestSentence(terms: readonly Term[], mine: readonly number[], score: Float64Array): number {
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
export function strengthNear(term: Term, sentence: number): number {
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

/** Whether a word stands between two tokens of the reference. */
export function says(reference: Tokens, begin: number, end: number, word: number): boolean {
  for (let index = begin; index < end; index++) if (reference.word[index] === word) return true;
  return false;
}

/** Whether an opposite of a word stands there. */
export function saysOpposite(evidence: Evidence, begin: number, end: number, entry: WordEntry): boolean {
  for (let index = begin; index < end; index++) {
    const id = evidence.entryOfToken[index]?.id ?? 0;
    if (id !== 0 && entry.opposites.includes(id)) return true;
  }
  return false;
}

/** Whether another member of the class of a word stands there, and not the word itself. */
export function hasSibling(evidence: Evidence, begin: number, end: number, entry: WordEntry): boolean {
  let sibling = false;
  for (let index = begin; index < end; index++) {
    const other = evidence.entryOfToken[index];
    if (other === undefined || other.classId !== entry.classId) continue;
    if (other.memberId === entry.memberId) return false;
    sibling = true;
  }
  return sibling;
}

/** First token there that says a term; -1 when none does. */
export function positionOf(evidence: Evidence, begin: number, end: number, term: number): number {
  for (let index = begin; index < end; index++) if (evidence.termOfToken[index] === term) return index;
  return -1;
}
