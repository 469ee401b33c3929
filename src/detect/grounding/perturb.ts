/** Makes training pairs for grounding out of plain passages: sentences kept, shortened or reworded, and sentences made false. */
import type { Random } from "#shared";
import { ANTONYMS, EQUIVALENTS, EXCLUSIVE_CLASSES } from "./lexicon.data.ts";

/** A made answer with its reference. */
export interface MadePair {
  readonly context: string;
  readonly answer: string;
  /** What was asked; empty when the pair has no question. */
  readonly question: string;
  /** 1: the answer says something that the context does not support. */
  readonly label: 0 | 1;
}

/** Something to make pairs of: the sentences of one passage. */
export interface Passage {
  readonly sentences: readonly string[];
}

const WORD = /[\p{L}\p{N}][\p{L}\p{N}'’.,-]*[\p{L}\p{N}]|[\p{L}\p{N}]/gu;
const COPULA = /^(.{2,60}?) (is|was|are|were) (a|an|the) (.+)$/;

/** Sentences of a text that are long enough to say something and short enough to be one statement. */
export function toPassage(text: string): Passage {
  const sentences = text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => {
      const words = sentence.match(WORD)?.length ?? 0;
      return words >= 5 && words <= 50 && /^["'(\p{L}\p{N}]/u.test(sentence);
    });
  return { sentences };
}

/**
 * Makes pairs: for each passage a few, half of them false, of one to five sentences, against the sentence itself or the whole passage.
 * @param passages sources; `others` for foreign facts are drawn from the same list
 * @param perPassage pairs made of each
 */
export function makePairs(passages: readonly Passage[], perPassage: number, random: Random): MadePair[] {
  const usable = passages.filter((passage) => passage.sentences.length > 0);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const tables = tablesOf();
  const pairs: MadePair[] = [];
  for (const passage of usable) {
    for (let made = 0; made < perPassage; made++) {
      if (random() < 0.35) {
        const other = pick(pick(usable).sentences);
        const span =
          random() < 0.65 ? questionPair(passage, other, random) : spanPair(passage, other, random);
        if (span !== undefined) pairs.push(span);
        continue;
      }
      const single = passage.sentences.length === 1 || random() < 0.35;
      const whole = single ? pick(passage.sentences) : passage.sentences.join(" ");
      // References often open with a pronoun whose name stands in a title that was cut off.
      const context = single && random() < 0.2 ? openWithPronoun(whole, random) : whole;
      const sources = single
        ? [whole]
        : sample(passage.sentences, 1 + Math.floor(random() * (random() < 0.4 ? 9 : 4)), random);
      const told = !single && sources.length >= 3 && random() < 0.5;
      const answers = sources.map((sentence) => {
        const kept = keep(sentence, tables, random);
        return told ? retell(kept, tables, random) : kept;
      });
      const label: 0 | 1 = random() < 0.5 ? 1 : 0;
      if (label === 1) {
        const at = Math.floor(random() * answers.length);
        // A fact of the same passage in the wrong place is the commonest error of models that read it.
        const other =
          passage.sentences.length > 1 && random() < 0.5
            ? pick(passage.sentences)
            : pick(pick(usable).sentences);
        const falsehood =
          random() < (single ? 0.1 : 0.25)
            ? keep(other, tables, random)
            : falsify(answers[at]!, other, tables, random);
        if (falsehood === undefined || context.includes(falsehood)) continue;
        // Answers written without the reference: most of the rest is foreign too.
        if (!single && random() < 0.3) {
          const foreign = pick(usable).sentences;
          for (let index = 0; index < answers.length; index++)
            if (random() < 0.7) answers[index] = retell(pick(foreign), tables, random);
        }
        if (random() < 0.3 && answers.length > 1) answers.splice(at + 1, 0, falsehood);
        else answers[at] = falsehood;
        // The same pair the other way round: the falsehood is the reference, the truth is the answer.
        if (single && random() < 0.4) {
          pairs.push({ question: "", context: falsehood, answer: keep(whole, tables, random), label: 1 });
          pairs.push({ question: "", context: falsehood, answer: keep(falsehood, tables, random), label: 0 });
          continue;
        }
      }
      const opening =
        random() < 0.12
          ? pick(["Yes, ", "No, ", "Sure. ", "Based on the passage, ", "According to the text, "])
          : "";
      pairs.push({ question: "", context, answer: opening + answers.join(" "), label });
    }
  }
  return pairs;
}

/** A question that leaves one name or number out, answered by it, by another, or by the whole sentence with either. */
function questionPair(passage: Passage, other: string, random: Random): MadePair | undefined {
  const sentence = passage.sentences[Math.floor(random() * passage.sentences.length)]!;
  const context = random() < 0.5 ? sentence : passage.sentences.join(" ");
  const mine = spansOf(sentence);
  if (mine.length === 0) return undefined;
  const right = mine[Math.floor(random() * mine.length)]!;
  const label: 0 | 1 = random() < 0.5 ? 1 : 0;
  const asked = sentence.replace(right, random() < 0.5 ? "which" : "what").replace(/[.!]+$/, "");
  const words = asked.split(" ");
  const question = `${random() < 0.5 ? words.slice(0, 18).join(" ") : `Which ${words.slice(-14).join(" ")}`}?`;
  const wrongs = [...spansOf(context), ...spansOf(other)].filter(
    (span) => !right.includes(span) && !span.includes(right),
  );
  const wrong = wrongs[Math.floor(random() * wrongs.length)];
  if (label === 1 && wrong === undefined) return undefined;
  const span = label === 1 ? wrong! : right;
  // A bare name that the passage has elsewhere cannot be told from the right one by its words: such pairs teach nothing.
  if (random() < 0.4)
    return label === 1 && context.includes(span) ? undefined : { context, question, answer: span, label };
  const restated = sentence.replace(right, span);
  const from = Math.max(0, restated.indexOf(span) - 60);
  const short =
    random() < 0.5
      ? restated
      : restated.slice(restated.indexOf(" ", from) + 1, restated.indexOf(span) + span.length + 50);
  return { context, question, answer: short, label };
}

function spansOf(text: string): string[] {
  return [...text.matchAll(SPAN)].map((match) => match[0]);
}

/** Tells a true sentence in the manner of a language model: other words of the same meaning, connectives, filler. */
function retell(sentence: string, tables: Tables, random: Random): string {
  let text = sentence;
  for (let times = 0; times < 3; times++)
    if (random() < 0.6) text = replaceOne(text, tables.same, random) ?? text;
  const words = text.split(" ");
  for (let times = 0; times < 2; times++)
    if (random() < 0.5 && words.length > 4)
      words.splice(
        2 + Math.floor(random() * (words.length - 3)),
        0,
        FILLERS[Math.floor(random() * FILLERS.length)]!,
      );
  const opening = random() < 0.35 ? `${OPENINGS[Math.floor(random() * OPENINGS.length)]!} ` : "";
  const bullet = random() < 0.15 ? "- " : "";
  return `${bullet}${opening}${words.join(" ")}`;
}

/** Words and openings that models add without saying more. */
const FILLERS =
  "typically various additional important specific generally often overall essentially significantly effectively commonly primarily usually particularly simply clearly relevant key common different certain potential".split(
    " ",
  );
const OPENINGS = [
  "Overall,",
  "In addition,",
  "Additionally,",
  "It is important to note that",
  "This means that",
  "In summary,",
  "For example,",
  "To summarize,",
  "Furthermore,",
  "As a result,",
  "Keep in mind that",
  "Here are the main points:",
  "First,",
  "Finally,",
  "In general,",
];

const SPAN = /[A-Z][\p{L}]+(?: (?:of |the |and )?[A-Z][\p{L}]+)*|\d[\d,.]*\d(?: \p{L}+)?/gu;

function openWithPronoun(sentence: string, random: Random): string {
  const name = /^(?:The )?[A-Z][\p{L}]+(?: [A-Z][\p{L}]+)* (?=is|was|are|were|has|had|[a-z]+(?:ed|s) )/u.exec(
    sentence,
  );
  if (name === null) return sentence;
  const pronouns = ["He ", "She ", "It ", "They ", "The group ", "The place "];
  return pronouns[Math.floor(random() * pronouns.length)]! + sentence.slice(name[0].length);
}

/** A short answer: a name or number of the passage, or one that it lacks. */
function spanPair(passage: Passage, other: string, random: Random): MadePair | undefined {
  const context = passage.sentences.join(" ");
  const from = random() < 0.5 ? context : other;
  const spans = spansOf(from);
  if (spans.length === 0) return undefined;
  const answer = spans[Math.floor(random() * spans.length)]!;
  const isThere = context.includes(answer);
  return isThere === (from === context)
    ? { question: "", context, answer, label: isThere ? 0 : 1 }
    : undefined;
}

interface Tables {
  readonly opposites: ReadonlyMap<string, readonly string[]>;
  readonly same: ReadonlyMap<string, readonly string[]>;
  readonly siblings: ReadonlyMap<string, readonly string[]>;
}

/** A true variant of a sentence: as it is, cut, without a bracket, with a synonym, or only its "X is a Y". */
function keep(sentence: string, tables: Tables, random: Random): string {
  let text = sentence;
  if (random() < 0.5) text = text.replace(/\s*\([^()]{0,120}\)/g, "");
  const copula = COPULA.exec(text);
  if (copula !== null && random() < 0.45) {
    const short = shortCopula(copula, random);
    if (short !== undefined) return short;
  }
  if (random() < 0.4) text = cut(text, random);
  if (random() < 0.3) text = replaceOne(text, tables.same, random) ?? text;
  if (random() < 0.25) text = dropWord(text, random);
  return text;
}

/** A false variant, or undefined when nothing in the sentence could be changed. */
function falsify(sentence: string, other: string, tables: Tables, random: Random): string | undefined {
  const ways: (() => string | undefined)[] = [
    () => changeNumber(sentence, random),
    () => negate(sentence),
    () => replaceOne(sentence, tables.opposites, random),
    () => replaceOne(sentence, tables.siblings, random),
    () => replaceName(sentence, other, random),
    () => replaceHead(sentence, other, random),
    () => swapNames(sentence),
    () => addFact(sentence, other, random),
  ];
  for (let tries = 0; tries < 12; tries++) {
    const changed = ways[Math.floor(random() * ways.length)]!();
    if (changed !== undefined && changed !== sentence) return changed;
  }
  return undefined;
}

function shortCopula(match: RegExpExecArray, random: Random): string | undefined {
  const [, subject = "", verb = "is", article = "a", rest = ""] = match;
  const phrase = /^[^,.;:()]*/.exec(rest)?.[0] ?? "";
  const words = phrase.split(/\s+/).filter((word) => word !== "");
  const stop = words.findIndex((word) =>
    /^(of|in|for|by|from|who|which|that|and|with|at|on|to|or|where|whose)$/i.test(word),
  );
  const head = stop < 0 ? words : words.slice(0, stop);
  if (head.length === 0 || head.length > 6) return undefined;
  const kept = random() < 0.5 ? head.slice(-1) : head;
  return `${subject.replace(/\s*\([^)]*\)?.*$/, "")} ${verb} ${article} ${kept.join(" ")}.`;
}

function cut(text: string, random: Random): string {
  const places = [...text.matchAll(/, | and | which | who | that | because | while | when /g)]
    .map((match) => match.index)
    .filter((index) => index > 25 && index < text.length - 10);
  if (places.length === 0) return text;
  return `${text.slice(0, places[Math.floor(random() * places.length)]!)}.`;
}

function dropWord(text: string, random: Random): string {
  const words = text.split(" ");
  const soft = words
    .map((word, index) => ({ word, index }))
    .filter(
      ({ word, index }) =>
        index > 1 && index < words.length - 1 && /^[a-z]{4,}(ly|al|ic|ous|ive|ed|able)$/.test(word),
    );
  if (soft.length === 0) return text;
  const drop = soft[Math.floor(random() * soft.length)]!.index;
  return words.filter((_, index) => index !== drop).join(" ");
}

function changeNumber(text: string, random: Random): string | undefined {
  const numbers = [...text.matchAll(/\d[\d,]*(?:\.\d+)?/g)];
  if (numbers.length === 0) return undefined;
  const chosen = numbers[Math.floor(random() * numbers.length)]!;
  const value = Number(chosen[0].replaceAll(",", ""));
  if (!Number.isFinite(value)) return undefined;
  const isYear = value >= 1000 && value <= 2100;
  const step = 1 + Math.floor(random() * (isYear ? 30 : Math.max(3, value * 0.6)));
  const changed = random() < 0.5 && value - step > 0 ? value - step : value + step;
  const written = chosen[0].includes(",") ? changed.toLocaleString("en-US") : String(changed);
  return text.slice(0, chosen.index) + written + text.slice(chosen.index + chosen[0].length);
}

function negate(text: string): string | undefined {
  const negative = / (not|never) /.exec(text);
  if (negative !== null)
    return text.slice(0, negative.index) + text.slice(negative.index + negative[0].length - 1);
  const verb = / (is|was|are|were|has|have|had|can|could|will|would|may|should|does|did) /.exec(text);
  if (verb === null) return undefined;
  const end = verb.index + verb[0].length;
  return `${text.slice(0, end)}not ${text.slice(end)}`;
}

function replaceOne(
  text: string,
  table: ReadonlyMap<string, readonly string[]>,
  random: Random,
): string | undefined {
  const places = [...text.matchAll(/[A-Za-z]+/g)].filter((match) => table.has(match[0].toLowerCase()));
  if (places.length === 0) return undefined;
  const chosen = places[Math.floor(random() * places.length)]!;
  const options = table.get(chosen[0].toLowerCase())!;
  const word = options[Math.floor(random() * options.length)]!;
  const first = chosen[0].charAt(0);
  const written =
    first === first.toUpperCase() && first !== first.toLowerCase()
      ? word.charAt(0).toUpperCase() + word.slice(1)
      : word;
  return text.slice(0, chosen.index) + written + text.slice(chosen.index + chosen[0].length);
}

const NAME = /\b[A-Z][\p{L}]+(?: [A-Z][\p{L}]+)*/gu;

function replaceName(text: string, other: string, random: Random): string | undefined {
  const mine = [...text.matchAll(NAME)].filter((match) => match.index > 0);
  const theirs = [...other.matchAll(NAME)].filter((match) => match.index > 0);
  if (mine.length === 0 || theirs.length === 0) return undefined;
  const out = mine[Math.floor(random() * mine.length)]!;
  const put = theirs[Math.floor(random() * theirs.length)]![0];
  if (text.includes(put)) return undefined;
  return text.slice(0, out.index) + put + text.slice(out.index + out[0].length);
}

function replaceHead(text: string, other: string, random: Random): string | undefined {
  const mine = COPULA.exec(text);
  const theirs = COPULA.exec(other);
  if (mine === null || theirs === null) return undefined;
  const short = shortCopula(theirs, random);
  const put = short === undefined ? undefined : COPULA.exec(short)?.[4];
  return put === undefined
    ? undefined
    : `${mine[1]!.replace(/\s*\([^)]*\)?.*$/, "")} ${mine[2]} ${theirs[3]} ${put}`;
}

function swapNames(text: string): string | undefined {
  const names = [...text.matchAll(NAME)];
  if (names.length < 2) return undefined;
  const [first, second] = [names[0]!, names[names.length - 1]!];
  if (first[0] === second[0]) return undefined;
  return (
    text.slice(0, first.index) +
    second[0] +
    text.slice(first.index + first[0].length, second.index) +
    first[0] +
    text.slice(second.index + second[0].length)
  );
}

function addFact(text: string, other: string, random: Random): string | undefined {
  const words = other.match(WORD) ?? [];
  if (words.length < 6) return undefined;
  const from = Math.floor(random() * (words.length - 5));
  const tail = words.slice(from, from + 4 + Math.floor(random() * 5)).join(" ");
  return `${text.replace(/[.!?]+$/, "")} ${random() < 0.5 ? "and" : "because of"} ${tail}.`;
}

function sample<T>(list: readonly T[], count: number, random: Random): T[] {
  const start = Math.floor(random() * list.length);
  return Array.from(
    { length: Math.min(count, list.length) },
    (_, index) => list[(start + index) % list.length]!,
  );
}

function tablesOf(): Tables {
  const opposites = new Map<string, string[]>();
  const add = (table: Map<string, string[]>, from: string, to: string): void => {
    const known = table.get(from);
    if (known === undefined) table.set(from, [to]);
    else known.push(to);
  };
  for (const line of ANTONYMS.split(";")) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === undefined || word.length < 4) continue;
    for (const other of rest.flatMap((piece) => piece.split("|"))) {
      add(opposites, word, other);
      add(opposites, other, word);
    }
  }
  const same = new Map<string, string[]>();
  for (const line of EQUIVALENTS.split(";")) {
    const words = line.trim().split(/\s+/);
    // Only near neighbours in a group read as the same word form.
    for (let index = 1; index < words.length; index++) add(same, words[index - 1]!, words[index]!);
  }
  const siblings = new Map<string, string[]>();
  for (const list of EXCLUSIVE_CLASSES) {
    const members = list.members.split(/\s+/).map((member) => member.split("="));
    members.forEach((spellings, index) => {
      spellings.forEach((spelling, form) => {
        for (const step of [1, 2, 3]) {
          const other = members[(index + step) % members.length]!;
          add(siblings, spelling, other[Math.min(form, other.length - 1)]!);
        }
      });
    });
  }
  return { opposites, same, siblings };
}
