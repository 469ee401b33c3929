/** How much of a part of a text is said elsewhere in it too. */
import { isWordUnit } from "./lexicon.ts";
import type { FoldedText } from "./normalise.ts";

/** Slots of the table of words of one part. */
const WORD_SLOTS = 512;
/** Hashes of the words of the part, 0 for an empty slot. */
const WORD_TABLE = new Int32Array(WORD_SLOTS);
/** 1 where the word was seen elsewhere. */
const WORD_SEEN = new Uint8Array(WORD_SLOTS);
/** Words of one part that are looked for at most; keeps the table half empty. */
const MAX_PART_WORDS = 200;

/** Share of the longer words (five letters and more) of a range that also occur elsewhere in the text. Linear. */
export function wordOverlap(folded: FoldedText, from: number, to: number): number {
  const { codes, length } = folded;
  WORD_TABLE.fill(0);
  WORD_SEEN.fill(0);
  let words = 0;
  let seen = 0;
  // First round: the words of the range; second: everything else.
  for (let round = 0; round < 2; round++) {
    let hash = 0;
    let letters = 0;
    const end = round === 0 ? to : length;
    for (let at = round === 0 ? from : 0; at <= end; at++) {
      if (round === 1 && at === from) at = to;
      const code = at < end ? codes[at]! : 32;
      if (isWordUnit(code)) {
        hash = Math.imul(hash ^ code, 0x5bd1e995);
        letters++;
        continue;
      }
      if (letters >= 5) {
        const key = hash === 0 ? 1 : hash;
        let slot = (key >>> 9) & (WORD_SLOTS - 1);
        while (WORD_TABLE[slot] !== key && WORD_TABLE[slot] !== 0) slot = (slot + 1) & (WORD_SLOTS - 1);
        if (round === 0) {
          if (WORD_TABLE[slot] === 0 && words < MAX_PART_WORDS) {
            WORD_TABLE[slot] = key;
            words++;
          }
        } else if (WORD_TABLE[slot] === key && WORD_SEEN[slot] === 0) {
          WORD_SEEN[slot] = 1;
          seen++;
        }
      }
      hash = 0;
      letters = 0;
    }
  }
  return words === 0 ? 0 : seen / words;
}
