/**
 * Canary values: made up, unlike anybody's, new for every request, and each naming the request it belongs to. Wherever
 * one turns up it tells who sent it: at the upstream it is a leak, in another user's answer a crossing.
 */
import type { LeakFinder } from "./upstream-watch.ts";

/** Issuer prefix of the canary cards: the range that payment schemes keep for tests. */
const CARD_PREFIX = "400000";

/** The values of one request. */
export interface Canary {
  /** `u<user>i<iteration>r<run>`, the request's name. */
  readonly tag: string;
  readonly email: string;
  readonly card: string;
  readonly phone: string;
  readonly name: string;
  /** The text to send, with all of them. */
  readonly text: string;
}

const FIRST = ["Alice", "Robert", "Maria", "David", "Susan", "Peter", "Laura", "James", "Helen", "Martin"];
const LAST = [
  "Walker",
  "Fischer",
  "Rossi",
  "Nguyen",
  "Carter",
  "Schmidt",
  "Moreau",
  "Novak",
  "Harris",
  "Costa",
];
const BENIGN = [
  "Please confirm the order.",
  "Write a friendly reply in two sentences.",
  "What should I do next?",
  "Translate this note into French.",
];

/** The canary of a request. @param run number of the run, so that two runs never share values */
export function canaryOf(user: number, iteration: number, run: number): Canary {
  const tag = `u${user}i${iteration}r${run}`;
  const number = (run % 97) * 1e7 + (user % 1e4) * 1e3 + (iteration % 1e3);
  const email = `canary.${tag}@mail-example.com`;
  const card = withCheckDigit(`${CARD_PREFIX}${String(number).padStart(9, "0")}`);
  const phone = `+1 202 555 ${String(100 + ((user * 31 + iteration) % 100)).padStart(4, "0")}`;
  const name = `${FIRST[user % FIRST.length]} ${LAST[iteration % LAST.length]}`;
  const request = BENIGN[(user + iteration) % BENIGN.length];
  return {
    tag,
    email,
    card,
    phone,
    name,
    text: `My name is ${name}. Email: ${email}. Phone: ${phone}. Credit card: ${card}. ${request}`,
  };
}

/** Tags of every canary e-mail address in a text. */
export function canaryTags(text: string): string[] {
  return [...text.matchAll(/canary\.(u\d+i\d+r\d+)@/gi)].map((match) => (match[1] ?? "").toLowerCase());
}

/** Finds canaries in what reached the upstream and names the requests they belong to. */
export const findCanaries: LeakFinder = (text) => {
  const tags = new Set(canaryTags(text));
  const cards = text.match(new RegExp(`${CARD_PREFIX}\\d{10}`, "g")) ?? [];
  return [...[...tags].map((tag) => `e-mail of ${tag}`), ...(cards.length > 0 ? ["a card"] : [])];
};

/** Appends the check digit (Luhn, ISO/IEC 7812-1, annex B). */
function withCheckDigit(digits: string): string {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
