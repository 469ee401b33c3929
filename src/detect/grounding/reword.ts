/** True variants of a sentence, for training pairs that are supported. */
import type { Random } from "#shared";
import type { Tables } from "./perturb-tables.ts";
import { COPULA, replaceOne, shortCopula } from "./sentence-parts.ts";

/** A true variant of a sentence: as it is, cut, without a bracket, with a synonym, or only its "X is a Y". */
export function keep(sentence: string, tables: Tables, random: Random): string {
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

/** Tells a true sentence in the manner of a language model: other words of the same meaning, connectives, filler. */
export function retell(sentence: string, tables: Tables, random: Random): string {
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

/** The sentence with a pronoun in place of the name that it begins with. */
export function openWithPronoun(sentence: string, random: Random): string {
  const name = /^(?:The )?[A-Z][\p{L}]+(?: [A-Z][\p{L}]+)* (?=is|was|are|were|has|had|[a-z]+(?:ed|s) )/u.exec(
    sentence,
  );
  if (name === null) return sentence;
  const pronouns = ["He ", "She ", "It ", "They ", "The group ", "The place "];
  return pronouns[Math.floor(random() * pronouns.length)]! + sentence.slice(name[0].length);
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
