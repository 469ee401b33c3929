/** The listed words and phrases of a text at their places. */
import { type Tokens, tokenise } from "../grounding/tokens.ts";
import { type BiasWord, biasLexicon, ROLE } from "./lexicon.ts";

/** A listed word or phrase at its place in the text. */
export interface BiasHit {
  readonly word: BiasWord;
  /** First token and token after the last. */
  readonly from: number;
  readonly to: number;
}

/** What a text is about: the group, and what is said of it soon after. */
export interface BiasAnchor {
  readonly group: BiasHit;
  readonly said: BiasHit | undefined;
}

/** A text read by the bias detector. */
export interface BiasReading {
  readonly tokens: Tokens;
  readonly hits: readonly BiasHit[];
  /** Hit of each token, -1 if none. */
  readonly hitOfToken: Int32Array;
  /** The first group that something degrading is said of within eight words, else the first group or slur. */
  readonly anchor: BiasAnchor | undefined;
}

const NO_PHRASES: readonly { readonly rest: readonly number[]; readonly word: BiasWord }[] = [];
/** Roles of what may be said of a group. */
const SAID = ROLE.negative | ROLE.trait | ROLE.femaleRole | ROLE.maleRole | ROLE.profane;
const REACH = 8;

/** Finds the listed words; linear. */
export function readBias(text: string): BiasReading {
  const tokens = tokenise(text);
  const { words, phrases, filter } = biasLexicon();
  const hits: BiasHit[] = [];
  const hitOfToken = new Int32Array(tokens.count).fill(-1);
  let index = 0;
  while (index < tokens.count) {
    const hash = tokens.word[index]!;
    const mark = filter[hash & 0xffff]!;
    if (mark === 0) {
      index++;
      continue;
    }
    let to = index + 1;
    let word: BiasWord | undefined;
    for (const phrase of (mark & 2) === 0 ? NO_PHRASES : (phrases.get(hash) ?? NO_PHRASES)) {
      if (!follows(tokens, index + 1, phrase.rest)) continue;
      word = phrase.word;
      to = index + 1 + phrase.rest.length;
      break;
    }
    word ??= words.get(hash);
    if (word !== undefined) {
      for (let at = index; at < to; at++) hitOfToken[at] = hits.length;
      hits.push({ word, from: index, to });
    }
    index = to;
  }
  return { tokens, hits, hitOfToken, anchor: anchorOf(hits) };
}

function follows(tokens: Tokens, at: number, rest: readonly number[]): boolean {
  if (at + rest.length > tokens.count) return false;
  for (let part = 0; part < rest.length; part++) if (tokens.word[at + part] !== rest[part]) return false;
  return true;
}

function anchorOf(hits: readonly BiasHit[]): BiasAnchor | undefined {
  let first: BiasHit | undefined;
  for (let at = 0; at < hits.length; at++) {
    const group = hits[at]!;
    if ((group.word.roles & (ROLE.group | ROLE.slur)) === 0) continue;
    first ??= group;
    for (let next = at + 1; next < hits.length && hits[next]!.from - group.to < REACH; next++)
      if ((hits[next]!.word.roles & SAID) !== 0) return { group, said: hits[next]! };
  }
  return first === undefined ? undefined : { group: first, said: undefined };
}
