/** The word lists of the bias detector compiled into tables from word hash to what is known about the word. */
import { hashWord } from "../grounding/tokens.ts";
import {
  ALTERNATIVES,
  FEMALE_TYPED_ROLES,
  GENERALISERS,
  GROUP_TERMS,
  MALE_TYPED_ROLES,
  NEGATIVE,
  PROFANE,
  REPORTING,
  SLURS,
  STEREOTYPED_TRAITS,
  SWAPS,
} from "./lexicon.data.ts";
import { BIAS_KINDS, type BiasKind } from "./types.ts";

/** What a word can be; a word may be several. Lower bits win when one must be chosen. */
export const ROLE = {
  slur: 1,
  group: 2,
  negative: 4,
  profane: 8,
  trait: 16,
  femaleRole: 32,
  maleRole: 64,
  report: 128,
  general: 256,
  negation: 512,
  being: 1024,
  female: 2048,
  male: 4096,
  person: 8192,
} as const;

/** One listed word or phrase. */
export interface BiasWord {
  roles: number;
  /** Index into {@link BIAS_KINDS} of the group named, -1 if none. */
  kind: number;
  /** Index of the kind that a more inclusive wording is suggested for, and that wording. */
  alternative: string | undefined;
  alternativeKind: number;
  /** What takes its place in a counterfactual. */
  swap: string | undefined;
  swapKind: number;
}

/** Compiled lists: single words, and phrases by the hash of their first word. */
export interface BiasLexicon {
  readonly words: ReadonlyMap<number, BiasWord>;
  /** 1 where the low sixteen bits are those of a listed word (bit 0) or of a phrase's first word (bit 1). */
  readonly filter: Uint8Array;
  readonly phrases: ReadonlyMap<
    number,
    readonly { readonly rest: readonly number[]; readonly word: BiasWord }[]
  >;
}

let compiled: BiasLexicon | undefined;

/** Compiles the lists on first use (about 1 ms) and keeps them. */
export function biasLexicon(): BiasLexicon {
  compiled ??= compile();
  return compiled;
}

function compile(): BiasLexicon {
  const words = new Map<number, BiasWord>();
  const phrases = new Map<number, { rest: number[]; word: BiasWord }[]>();
  const entry = (spelling: string): BiasWord => {
    const parts = spelling.split(/[_-]/).map(hashWord);
    const [first = 0, ...rest] = parts;
    if (rest.length === 0) {
      const known = words.get(first);
      if (known !== undefined) return known;
      const created = blank();
      words.set(first, created);
      return created;
    }
    const list = phrases.get(first) ?? [];
    phrases.set(first, list);
    const known = list.find(
      (phrase) => phrase.rest.length === rest.length && phrase.rest.every((part, at) => part === rest[at]),
    );
    if (known !== undefined) return known.word;
    const created = blank();
    list.push({ rest, word: created });
    list.sort((a, b) => b.rest.length - a.rest.length);
    return created;
  };
  const mark = (list: string, role: number): void => {
    for (const word of split(list)) entry(word).roles |= role;
  };
  for (const [kind, list] of Object.entries(GROUP_TERMS))
    for (const word of split(list)) {
      const found = entry(word);
      found.roles |= ROLE.group;
      if (found.kind < 0) found.kind = kindIndex(kind);
    }
  for (const [kind, list] of Object.entries(SLURS))
    for (const word of split(list)) {
      const found = entry(word);
      found.roles |= ROLE.slur;
      found.kind = kindIndex(kind);
    }
  mark(NEGATIVE, ROLE.negative);
  mark(PROFANE, ROLE.profane);
  mark(STEREOTYPED_TRAITS, ROLE.trait);
  mark(FEMALE_TYPED_ROLES, ROLE.femaleRole);
  mark(MALE_TYPED_ROLES, ROLE.maleRole);
  mark(REPORTING, ROLE.report);
  mark(GENERALISERS, ROLE.general);
  mark("not no never isnt arent dont doesnt neither nor without", ROLE.negation);
  mark("is are was were be am being been seem seems", ROLE.being);
  mark(
    "she her hers herself woman women female girl girls lady ladies wife mother mom girlfriend daughter sister aunt grandmother",
    ROLE.female,
  );
  mark(
    "he him his himself man men male boy boys husband father dad boyfriend son brother uncle grandfather",
    ROLE.male,
  );
  mark("people person folks everyone guy guys dude kid kids they them these those you your", ROLE.person);
  for (const item of items(ALTERNATIVES)) {
    const [term, wording, kind] = parts(item);
    const found = entry(term);
    found.alternative = wording;
    found.alternativeKind = kindIndex(kind);
  }
  for (const item of items(SWAPS)) {
    const [left, right, kind] = parts(item);
    for (const [from, to] of [
      [left, right],
      [right, left],
    ] as const) {
      if (from.includes(" ")) continue;
      const found = entry(from);
      if (found.swap !== undefined) continue;
      found.swap = to;
      found.swapKind = kindIndex(kind);
    }
  }
  const filter = new Uint8Array(65536);
  for (const hash of words.keys()) filter[hash & 0xffff]! |= 1;
  for (const hash of phrases.keys()) filter[hash & 0xffff]! |= 2;
  return { words, phrases, filter };
}

function blank(): BiasWord {
  return { roles: 0, kind: -1, alternative: undefined, alternativeKind: -1, swap: undefined, swapKind: -1 };
}

function kindIndex(name: string): number {
  // The lists name kinds as text; a name that is no kind gives -1 and the test of the lists fails.
  return BIAS_KINDS.indexOf(name as BiasKind);
}

function items(list: string): string[] {
  return list
    .split(";")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function parts(item: string): [string, string, string] {
  const [pair = "", kind = ""] = item.split("|");
  const at = pair.indexOf("=");
  return [pair.slice(0, at), pair.slice(at + 1), kind];
}

function split(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== "");
}
