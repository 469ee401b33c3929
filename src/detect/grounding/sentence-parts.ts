/** What the makers of training pairs know of a sentence: its words, names, numbers and its "X is a Y". */
import type { Random } from "#shared";

/** A word or number, with what stands inside it. */
export const WORD = /[\p{L}\p{N}][\p{L}\p{N}'’.,-]*[\p{L}\p{N}]|[\p{L}\p{N}]/gu;

/** "X is a Y" in four groups: subject, verb, article, the rest. */
export const COPULA = /^(.{2,60}?) (is|was|are|were) (a|an|the) (.+)$/;

/** A name of several words, or a number with its unit. */
export const SPAN = /[A-Z][\p{L}]+(?: (?:of |the |and )?[A-Z][\p{L}]+)*|\d[\d,.]*\d(?: \p{L}+)?/gu;

/** A name. */
export const NAME = /\b[A-Z][\p{L}]+(?: [A-Z][\p{L}]+)*/gu;

/** Names and numbers of a text, in order. */
export function spansOf(text: string): string[] {
  return [...text.matchAll(SPAN)].map((match) => match[0]);
}

/** Only the "X is a Y" of a sentence; undefined when there is no short one. */
export function shortCopula(match: RegExpExecArray, random: Random): string | undefined {
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

/** The text with one listed word replaced by one of its entries, capitals kept; undefined when no word is listed. */
export function replaceOne(
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
