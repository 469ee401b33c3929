/** The word lists of the grounding detector compiled into one table from word hash to what is known about the word. */
import {
  ANTONYMS,
  EQUIVALENTS,
  EXCLUSIVE_CLASSES,
  EXCLUSIVES,
  HEDGES,
  IRREGULAR,
  NEGATIONS,
  NUMBER_WORDS,
  PERSONAL,
  STOP_WORDS,
} from "./lexicon.data.ts";
import { hashStem, hashWord } from "./tokens.ts";

/** Bits of {@link WordEntry.traits}. */
export const TRAIT = {
  stop: 1,
  negation: 2,
  exclusive: 4,
  personal: 8,
  hedge: 16,
  copula: 32,
  by: 64,
  reply: 128,
  second: 256,
} as const;

/** What the lists know of one word. */
export interface WordEntry {
  traits: number;
  /** Stem of the lemma for irregular forms, else 0. */
  lemma: number;
  /** Value of a number word, else NaN. */
  value: number;
  /** Ids of the groups of equivalents it belongs to. */
  groups: readonly number[];
  /** Ids of words (see `id`) that are its opposites. */
  opposites: readonly number[];
  /** Id under which other words name it as their opposite; 0 if none does. */
  id: number;
  /** Exclusive class (1-based index) and member within it; 0 if none. */
  classId: number;
  memberId: number;
  hard: boolean;
}

/** The compiled lists, keyed by the hash of the word (not its stem). */
export interface Lexicon {
  readonly words: ReadonlyMap<number, WordEntry>;
  /** The same by stem, for words that are not listed in the form met. */
  readonly stems: ReadonlyMap<number, WordEntry>;
  /** 1 where the low sixteen bits are those of a listed word (bit 0) or stem (bit 1): most words are neither, at one load. */
  readonly filter: Uint8Array;
  /** Direct-mapped copy of `words` by the low fourteen bits: hash and entry; a place taken by another word sends to the map. */
  readonly nearHash: Int32Array;
  readonly nearEntry: readonly (WordEntry | undefined)[];
}

let compiled: Lexicon | undefined;

/** Compiles the lists on first use (about 2 ms) and keeps them. */
export function groundingLexicon(): Lexicon {
  compiled ??= compile();
  return compiled;
}

interface Draft extends WordEntry {
  groups: number[];
  opposites: number[];
}

function compile(): Lexicon {
  const words = new Map<number, Draft>();
  const spelled = new Map<string, Draft>();
  const entry = (word: string): Draft => {
    let found = spelled.get(word);
    if (found === undefined) {
      found = {
        traits: 0,
        lemma: 0,
        value: Number.NaN,
        groups: [],
        opposites: [],
        id: 0,
        classId: 0,
        memberId: 0,
        hard: false,
      };
      spelled.set(word, found);
      words.set(hashWord(word), found);
    }
    return found;
  };
  const mark = (list: string, trait: number): void => {
    for (const word of split(list)) entry(word).traits |= trait;
  };
  mark(STOP_WORDS, TRAIT.stop);
  mark(NEGATIONS, TRAIT.negation);
  mark(EXCLUSIVES, TRAIT.exclusive);
  mark(PERSONAL, TRAIT.personal);
  mark(HEDGES, TRAIT.hedge);
  mark("is are was were be been being am", TRAIT.copula);
  mark("by", TRAIT.by);
  mark(
    "yes yeah yep no nope sure ok okay oh ah well wow indeed absolutely definitely exactly correct true right cool",
    TRAIT.reply,
  );
  mark("you your yours", TRAIT.second);
  for (const pair of split(NUMBER_WORDS)) {
    const [word, value] = pair.split("=");
    if (word !== undefined && value !== undefined) entry(word).value = Number(value);
  }
  for (const line of lines(IRREGULAR)) {
    const forms = split(line);
    const lemma = forms[0];
    if (lemma === undefined) continue;
    for (const form of forms) entry(form).lemma = hashStem(lemma);
  }
  lines(EQUIVALENTS).forEach((line, group) => {
    for (const word of split(line)) {
      const found = entry(word);
      if (!found.groups.includes(group)) found.groups.push(group);
    }
  });
  let nextId = 1;
  const idOf = (word: string): number => {
    const found = entry(word);
    if (found.id === 0) found.id = nextId++;
    return found.id;
  };
  for (const line of lines(ANTONYMS)) {
    const [word, ...rest] = split(line);
    if (word === undefined) continue;
    for (const other of rest.flatMap((piece) => piece.split("|")).filter((piece) => piece !== "")) {
      entry(word).opposites.push(idOf(other));
      entry(other).opposites.push(idOf(word));
    }
  }
  EXCLUSIVE_CLASSES.forEach((list, classIndex) => {
    split(list.members).forEach((member, memberIndex) => {
      for (const word of member.split("=")) {
        const found = entry(word);
        // A word of two classes keeps the first: the table goes from the most to the least exclusive reading.
        if (found.classId !== 0) continue;
        found.classId = classIndex + 1;
        found.memberId = memberIndex + 1;
        found.hard = list.hard;
      }
    });
  });
  const stems = new Map<number, Draft>();
  for (const [word, found] of spelled) {
    if ((found.traits & (TRAIT.stop | TRAIT.negation)) !== 0) continue;
    const stem = hashStem(word);
    if (!stems.has(stem)) stems.set(stem, found);
  }
  const filter = new Uint8Array(65536);
  for (const hash of words.keys()) filter[hash & 0xffff]! |= 1;
  for (const hash of stems.keys()) filter[hash & 0xffff]! |= 2;
  const nearHash = new Int32Array(16384);
  const nearEntry: (WordEntry | undefined)[] = new Array(16384).fill(undefined);
  for (const [hash, found] of words) {
    nearHash[hash & 0x3fff] = hash;
    nearEntry[hash & 0x3fff] = found;
  }
  return { words, stems, filter, nearHash, nearEntry };
}

function lines(list: string): string[] {
  return list
    .split(";")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function split(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== "");
}
