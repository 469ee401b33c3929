/** False variants of a sentence, for training pairs that are not supported. */
import type { Random } from "#shared";
import type { Tables } from "./perturb-tables.ts";
import { COPULA, NAME, replaceOne, shortCopula, WORD } from "./sentence-parts.ts";

/** A false variant, or undefined when nothing in the sentence could be changed. */
export function falsify(sentence: string, other: string, tables: Tables, random: Random): string | undefined {
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
