/** What follows street and house number: unit, postcode and town, in the order of the country. */
import { UNIT } from "./streets.data.ts";

const TOWN_WORD = "[\\p{Lu}\\p{Lo}][\\p{L}\\p{M}'’.-]{0,24}";
const TOWN_REST = `(?: (?:${TOWN_WORD}|de|del|du|des|la|le|les|di|da|do|dos|am|an|der|im|in|of|on|upon|sur|by|under|near|and|u|v|nad|pod|na|ob|bei|a|y)){0,5}`;
const TOWN = `${TOWN_WORD}${TOWN_REST}`;
const POSTCODE =
  "(?:[A-Z]{1,2}\\d[A-Z\\d]? ?\\d{1,2}[A-Z]{1,2}|[A-Z]\\d[A-Z] ?\\d[A-Z]\\d|\\d{5}-\\d{3,4}|\\d{3}-\\d{4}|\\d{2}-\\d{3}|\\d{3} \\d{2}|\\d{4} [A-Z]{2}|\\d{4,6})";
/** USPS abbreviations: a town before one of them ends an address without its postcode. */
const STATE =
  "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])";
const NOT_WORD = "(?![\\p{L}\\d])";
/** Comma, line break or both, with the quoting marks of mails. */
const BREAK = "(?: ?,? ?\\n[ >?]{0,6}|, ?| )";
const LINE_BREAK = " ?,? ?\\n[ >?]{0,6}";
const UNIT_TAIL = new RegExp(`${BREAK}(?:(?:${UNIT})\\.? ?#?\\d{1,5}[a-z]?|#\\d{1,5})${NOT_WORD}`, "iuy");
/** Tails in the order they are tried: postcode and town; town and postcode; town and state; town, then country and postcode. */
const TAILS: readonly RegExp[] = [
  new RegExp(`${BREAK}(?:[A-Z]{1,2}-)?${POSTCODE}${BREAK}${TOWN}`, "uy"),
  new RegExp(`${BREAK}${TOWN}(?:, ?| )(?:[A-Z]{2,3}(?:, ?| ))?${POSTCODE}${NOT_WORD}`, "uy"),
  new RegExp(`${BREAK}${TOWN}, ?${STATE}${NOT_WORD}`, "uy"),
  new RegExp(`${LINE_BREAK}${TOWN}${LINE_BREAK}(?:\\n[ >?]{0,6})?${TOWN} ${POSTCODE}${NOT_WORD}`, "uy"),
];

/** End of the address whose street part ends at `end`: `end` itself when no unit, postcode or town follows. */
export function addressTailEnd(text: string, end: number): number {
  let at = end;
  UNIT_TAIL.lastIndex = at;
  if (UNIT_TAIL.test(text)) at = UNIT_TAIL.lastIndex;
  for (const tail of TAILS) {
    tail.lastIndex = at;
    if (tail.test(text)) return tail.lastIndex;
  }
  return at;
}
