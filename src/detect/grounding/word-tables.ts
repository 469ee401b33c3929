/** Which words of an answer, and which pairs of neighbours, the reference has literally. */
import type { Tokens } from "./tokens.ts";

/** For each answer token: is its word in the reference, does its pair with the next word stand there. */
export interface WordTables {
  readonly known: Uint8Array;
  readonly pair: Uint8Array;
}

const scratchMarks = new Uint8Array(4096);

const reusedKnown = new Uint8Array(1024);

const reusedPair = new Uint8Array(1024);

/** Marks the words and pairs of an answer. Linear; valid until the next call for short answers. */
export function wordTables(answer: Tokens, reference: Tokens): WordTables {
  const isShort = answer.count <= reusedKnown.length;
  const known = isShort ? reusedKnown.fill(0, 0, answer.count) : new Uint8Array(answer.count);
  const pair = isShort ? reusedPair.fill(0, 0, answer.count) : new Uint8Array(answer.count);
  // The answer is the shorter text: its words are marked, then the reference is read once against the marks.
  const marks = scratchMarks.fill(0);
  for (let index = 0; index < answer.count; index++) {
    marks[answer.word[index]! & 0xfff]! |= 1;
    if (index + 1 < answer.count) marks[pairHash(answer.word[index]!, answer.word[index + 1]!) & 0xfff]! |= 2;
  }
  const words = new Set<number>();
  const pairs = new Set<number>();
  for (let index = 0; index < reference.count; index++) {
    const word = reference.word[index]!;
    if ((marks[word & 0xfff]! & 1) === 0) continue;
    words.add(word);
    if (index === 0) continue;
    const both = pairHash(reference.word[index - 1]!, word);
    if ((marks[both & 0xfff]! & 2) !== 0) pairs.add(both);
  }
  for (let index = 0; index < answer.count; index++) {
    if (words.has(answer.word[index]!)) known[index] = 1;
    if (index + 1 < answer.count && pairs.has(pairHash(answer.word[index]!, answer.word[index + 1]!)))
      pair[index] = 1;
  }
  return { known, pair };
}

function pairHash(first: number, second: number): number {
  return (Math.imul(first, 0x9e3779b1) ^ second) | 0;
}
