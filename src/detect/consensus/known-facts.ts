/** A small check of well-known facts for texts that come without a reference. It knows a hundred statements and says so. */
import { hashWord, TOKEN, type Tokens, tokenise } from "../grounding/tokens.ts";
import { CAPITALS, FACTS, MISCONCEPTIONS } from "./known-facts.data.ts";

/** A fact that a sentence contradicts; offsets into the text. */
export interface ContradictedFact {
  readonly fact: string;
  readonly start: number;
  readonly end: number;
}

/** What was found. `checked` counts the statements that the list covers; 0 means that nothing could be said. */
export interface KnownFactsVerdict {
  readonly checked: number;
  readonly contradicted: readonly ContradictedFact[];
}

interface Statement {
  readonly words: readonly (readonly number[])[];
  readonly fact: string;
  readonly isTrue: boolean;
}

interface Facts {
  /** Statements by each spelling of their first word. */
  readonly byFirst: ReadonlyMap<number, readonly Statement[]>;
  readonly capitals: ReadonlyMap<
    number,
    readonly { rest: number | undefined; name: string; capitals: readonly number[]; capital: string }[]
  >;
  readonly capitalNames: ReadonlySet<number>;
}

let compiled: Facts | undefined;
const CAPITAL = hashWord("capital");
const AND = hashWord("and");
const NEGATING = new Set(
  ["not", "no", "never", "isnt", "arent", "false", "untrue", "cannot", "nor"].map(hashWord),
);
const REPORTING = new Set(
  "myth misconception believe believed believes thought claim claims claimed hoax conspiracy wrong false debunked legend joke question if whether who fiction novel story film movie imagine"
    .split(" ")
    .map(hashWord),
);

/** Checks the sentences of a text against the list; linear. */
export function checkKnownFacts(text: string): KnownFactsVerdict {
  compiled ??= compile();
  const tokens = tokenise(text);
  const contradicted: ContradictedFact[] = [];
  let checked = 0;
  for (const [from, to] of clausesOf(tokens)) {
    const words = new Set<number>();
    let negated = false;
    let reported = false;
    for (let index = from; index < to; index++) {
      const hash = tokens.word[index]!;
      words.add(hash);
      if (NEGATING.has(hash) || (tokens.flags[index]! & TOKEN.negated) !== 0) negated = true;
      if (REPORTING.has(hash)) reported = true;
    }
    if (reported || text.charCodeAt(tokens.end[to - 1]!) === 63) continue;
    const verdicts = new Map<string, boolean>();
    for (const hash of words)
      for (const statement of compiled.byFirst.get(hash) ?? [])
        if (statement.words.every((spellings) => spellings.some((spelling) => words.has(spelling))))
          verdicts.set(statement.fact, statement.isTrue !== negated);
    const capital = words.has(CAPITAL) ? capitalVerdict(tokens, from, to, words, compiled) : undefined;
    if (capital !== undefined) verdicts.set(capital.fact, capital.right !== negated);
    for (const [fact, right] of verdicts) {
      checked++;
      if (!right) contradicted.push({ fact, start: tokens.start[from]!, end: tokens.end[to - 1]! });
    }
  }
  return { checked, contradicted };
}

/** Sentences, cut at "and" when both sides have at least three words: each side is a statement of its own. */
function clausesOf(tokens: Tokens): [number, number][] {
  const clauses: [number, number][] = [];
  for (let sentence = 0; sentence < tokens.sentenceCount; sentence++) {
    let from = tokens.sentenceToken[sentence]!;
    const to = tokens.sentenceToken[sentence + 1]!;
    for (let index = from + 3; index < to - 3; index++) {
      if (tokens.word[index] !== AND || index - from < 3) continue;
      clauses.push([from, index]);
      from = index + 1;
    }
    if (from < to) clauses.push([from, to]);
  }
  return clauses;
}

function capitalVerdict(
  tokens: Tokens,
  from: number,
  to: number,
  words: ReadonlySet<number>,
  facts: Facts,
): { fact: string; right: boolean } | undefined {
  for (let index = from; index < to; index++) {
    for (const country of facts.capitals.get(tokens.word[index]!) ?? []) {
      if (country.rest !== undefined && tokens.word[index + 1] !== country.rest) continue;
      // Only a sentence that names some capital of the list is judged: others may speak of something else.
      const named = [...words].some((word) => facts.capitalNames.has(word) && word !== tokens.word[index]);
      const right = country.capitals.some((capital) => words.has(capital));
      if (!named && !right) continue;
      return { fact: `the capital of ${country.name} is ${country.capital}`, right };
    }
  }
  return undefined;
}

function compile(): Facts {
  const byFirst = new Map<number, Statement[]>();
  const add = (list: string, isTrue: boolean): void => {
    for (const line of list.trim().split("\n")) {
      const [pattern = "", fact = ""] = line.split("|");
      const words = pattern.split(" ").map((word) => word.split("/").map(hashWord));
      const statement: Statement = { words, fact, isTrue };
      for (const first of words[0] ?? []) {
        const known = byFirst.get(first);
        if (known === undefined) byFirst.set(first, [statement]);
        else known.push(statement);
      }
    }
  };
  add(MISCONCEPTIONS, false);
  add(FACTS, true);
  const capitals = new Map<
    number,
    { rest: number | undefined; name: string; capitals: number[]; capital: string }[]
  >();
  const capitalNames = new Set<number>();
  for (const pair of CAPITALS.split(/\s+/)) {
    const [country = "", names = ""] = pair.split("=");
    const [first = "", rest] = country.split("_");
    const cities = names.split("/");
    const list = capitals.get(hashWord(first)) ?? [];
    capitals.set(hashWord(first), list);
    list.push({
      rest: rest === undefined ? undefined : hashWord(rest),
      name: country.split("_").map(titled).join(" "),
      capitals: cities.map(hashWord),
      capital: titled(cities[0] ?? ""),
    });
    for (const city of cities) capitalNames.add(hashWord(city));
  }
  return { byFirst, capitals, capitalNames };
}

function titled(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
