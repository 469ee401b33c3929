/** The distinct words of an answer that can be checked, and where the reference says them. */
import { groundingLexicon, type Lexicon, TRAIT, type WordEntry } from "./lexicon.ts";
import { hashWord, TOKEN, type Tokens } from "./tokens.ts";

const UNITED = hashWord("united");
const STATES = hashWord("states");
const KINGDOM = hashWord("kingdom");
const USA = hashWord("usa");
const UK = hashWord("uk");
/** Sentences remembered per term; a word met in more of them distinguishes none (keeps the whole linear). */
const MAX_SENTENCES_PER_TERM = 24;
/** How much a match counts by how it was found. */
const STRENGTH = { exact: 1, lemma: 0.95, sameClass: 0.9, group: 0.8, prefix: 0.65 } as const;

/** One distinct checkable word of the answer. */
export interface Term {
  readonly stem: number;
  readonly entry: WordEntry | undefined;
  readonly value: number;
  readonly isEntity: boolean;
  readonly weight: number;
  /** Best match anywhere in the reference, 0 when absent. */
  found: number;
  /** Sentences of the reference that say it, with the strength of the match. */
  readonly sentences: number[];
  readonly strengths: number[];
  /** Times it stands in the reference. */
  frequency: number;
  inQuestion: boolean;
}

/** Terms of an answer and the term of each of its tokens (-1 for function words). */
export interface Terms {
  readonly list: readonly Term[];
  readonly termOfToken: Int32Array;
  readonly entryOfToken: readonly (WordEntry | undefined)[];
}

/** What the lists know of token `index`, by its form, else by its stem. */
function entryOf(lexicon: Lexicon, tokens: Tokens, index: number): WordEntry | undefined {
  const word = tokens.word[index]!;
  if (word === UNITED && index + 1 < tokens.count) {
    const next = tokens.word[index + 1]!;
    if (next === STATES) return lexicon.words.get(USA);
    if (next === KINGDOM) return lexicon.words.get(UK);
  }
  if (lexicon.nearHash[word & 0x3fff] === word) return lexicon.nearEntry[word & 0x3fff];
  const { filter } = lexicon;
  if ((filter[word & 0xffff]! & 1) !== 0) {
    const entry = lexicon.words.get(word);
    if (entry !== undefined) return entry;
  }
  const stem = tokens.stem[index]!;
  return (filter[stem & 0xffff]! & 2) !== 0 ? lexicon.stems.get(stem) : undefined;
}

/** Collects the distinct terms of an answer; linear. */
export function collectTerms(tokens: Tokens): Terms {
  const lexicon = groundingLexicon();
  const list: Term[] = [];
  const byStem = new Map<number, number>();
  const termOfToken = new Int32Array(tokens.count).fill(-1);
  const entryOfToken: (WordEntry | undefined)[] = new Array(tokens.count);
  for (let index = 0; index < tokens.count; index++) {
    const entry = entryOf(lexicon, tokens, index);
    entryOfToken[index] = entry;
    const flags = tokens.flags[index]!;
    if (!isContent(entry, flags)) continue;
    const stem = tokens.stem[index]!;
    const known = byStem.get(stem);
    if (known !== undefined) {
      termOfToken[index] = known;
      continue;
    }
    const value = (flags & TOKEN.number) !== 0 ? tokens.value[index]! : (entry?.value ?? Number.NaN);
    const isNumber = (flags & TOKEN.number) !== 0;
    const isEntity = (flags & TOKEN.capital) !== 0 && (flags & TOKEN.opening) === 0;
    byStem.set(stem, list.length);
    termOfToken[index] = list.length;
    list.push({
      stem,
      entry,
      value,
      isEntity,
      weight: 1 + (isNumber ? 0.6 : 0) + (isEntity ? 0.4 : 0) + (tokens.length[index]! >= 8 ? 0.2 : 0),
      found: 0,
      sentences: [],
      strengths: [],
      frequency: 0,
      inQuestion: false,
    });
  }
  return { list, termOfToken, entryOfToken };
}

/** Whether a token can be checked: not a function word, a lone letter or a negation. */
export function isContent(entry: WordEntry | undefined, flags: number): boolean {
  if ((flags & TOKEN.number) !== 0) return true;
  if ((flags & TOKEN.letter) !== 0) return false;
  return entry === undefined || (entry.traits & (TRAIT.stop | TRAIT.negation)) === 0;
}

/** Keys under which a reference word can match a term. */
interface Keys {
  readonly stems: Map<number, number>;
  readonly prefixes: Map<number, number>;
  readonly lemmas: Map<number, number>;
  readonly values: Map<number, number>;
  readonly groups: Map<number, number[]>;
  readonly members: Map<number, number>;
  /** 1 where the low twelve bits are those of a term's stem (bit 0) or prefix (bit 1). */
  readonly filter: Uint8Array;
}

/**
 * Looks every word of the reference up among the terms and fills in where each was found.
 * @returns for each reference token its term (-1: none) and its entry in the lists; valid until the next call
 */
export function matchReference(
  terms: Terms,
  answer: Tokens,
  reference: Tokens,
): { termOfToken: Int32Array; entryOfToken: (WordEntry | undefined)[] } {
  const lexicon = groundingLexicon();
  const keys = keysOf(terms, answer);
  const isShort = reference.count <= REUSED_TOKENS;
  const termOfToken = isShort ? reusedTerms : new Int32Array(reference.count);
  termOfToken.fill(-1, 0, reference.count);
  const entryOfToken = isShort ? reusedEntries : new Array<WordEntry | undefined>(reference.count);
  for (let index = 0; index < reference.count; index++) {
    const flags = reference.flags[index]!;
    const stem = reference.stem[index]!;
    const exact = (keys.filter[stem & 0xfff]! & 1) === 0 ? undefined : keys.stems.get(stem);
    const entry = entryOf(lexicon, reference, index);
    entryOfToken[index] = entry;
    const sentence = reference.sentence[index]!;
    if (exact !== undefined) {
      termOfToken[index] = exact;
      record(terms.list[exact]!, sentence, STRENGTH.exact);
    }
    if (!isContent(entry, flags) && Number.isNaN(entry?.value ?? Number.NaN)) continue;
    const value = (flags & TOKEN.number) !== 0 ? reference.value[index]! : (entry?.value ?? Number.NaN);
    if (!Number.isNaN(value) && keys.values.size > 0) {
      const same = keys.values.get(value);
      if (same !== undefined && same !== exact) {
        if (termOfToken[index] === -1) termOfToken[index] = same;
        record(terms.list[same]!, sentence, STRENGTH.exact);
      }
    }
    if (entry !== undefined) {
      const lemma = entry.lemma !== 0 ? keys.lemmas.get(entry.lemma) : keys.lemmas.get(stem);
      if (lemma !== undefined && lemma !== exact) {
        if (termOfToken[index] === -1) termOfToken[index] = lemma;
        record(terms.list[lemma]!, sentence, STRENGTH.lemma);
      }
      if (entry.classId !== 0) {
        const member = keys.members.get(entry.classId * 1024 + entry.memberId);
        if (member !== undefined && member !== exact) {
          if (termOfToken[index] === -1) termOfToken[index] = member;
          record(terms.list[member]!, sentence, STRENGTH.sameClass);
        }
      }
      for (const group of entry.groups) {
        for (const term of keys.groups.get(group) ?? NONE) {
          if (term === exact) continue;
          if (termOfToken[index] === -1) termOfToken[index] = term;
          record(terms.list[term]!, sentence, STRENGTH.group);
        }
      }
    }
    const prefix = reference.prefix[index]!;
    if (prefix !== 0 && exact === undefined && (keys.filter[prefix & 0xfff]! & 2) !== 0) {
      const term = keys.prefixes.get(prefix);
      if (term !== undefined) {
        if (termOfToken[index] === -1) termOfToken[index] = term;
        record(terms.list[term]!, sentence, STRENGTH.prefix);
      }
    }
  }
  return { termOfToken, entryOfToken };
}

const NONE: readonly number[] = [];
/** References of up to this many tokens share their arrays from call to call: nothing for the collector to do. */
const REUSED_TOKENS = 4096;
const reusedTerms = new Int32Array(REUSED_TOKENS);
const reusedEntries: (WordEntry | undefined)[] = new Array(REUSED_TOKENS).fill(undefined);
const scratchFilter = new Uint8Array(4096);

function keysOf(terms: Terms, answer: Tokens): Keys {
  const keys: Keys = {
    stems: new Map(),
    prefixes: new Map(),
    lemmas: new Map(),
    values: new Map(),
    groups: new Map(),
    members: new Map(),
    filter: scratchFilter.fill(0),
  };
  terms.list.forEach((term, index) => {
    keys.stems.set(term.stem, index);
    keys.filter[term.stem & 0xfff]! |= 1;
    if (!Number.isNaN(term.value)) keys.values.set(term.value, index);
    const { entry } = term;
    keys.lemmas.set(entry !== undefined && entry.lemma !== 0 ? entry.lemma : term.stem, index);
    if (entry === undefined) return;
    if (entry.classId !== 0) keys.members.set(entry.classId * 1024 + entry.memberId, index);
    for (const group of entry.groups) {
      const members = keys.groups.get(group);
      if (members === undefined) keys.groups.set(group, [index]);
      else if (members.length < 16) members.push(index);
    }
  });
  for (let index = 0; index < answer.count; index++) {
    const term = terms.termOfToken[index]!;
    if (term >= 0 && answer.prefix[index] !== 0) {
      keys.prefixes.set(answer.prefix[index]!, term);
      keys.filter[answer.prefix[index]! & 0xfff]! |= 2;
    }
  }
  return keys;
}

function record(term: Term, sentence: number, strength: number): void {
  term.frequency++;
  if (strength > term.found) term.found = strength;
  const last = term.sentences.length - 1;
  if (last >= 0 && term.sentences[last] === sentence) {
    if (strength > term.strengths[last]!) term.strengths[last] = strength;
  } else if (last + 1 < MAX_SENTENCES_PER_TERM) {
    term.sentences.push(sentence);
    term.strengths.push(strength);
  }
}
