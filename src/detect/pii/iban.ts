/** International bank account numbers (ISO 13616): country, length per country, mod 97. */
import { isMod97 } from "./check-digits.ts";
import { IBAN_LENGTHS } from "./iban-lengths.data.ts";
import { isAlnum, isDigit, isLetter, isWordLike, type Scan } from "./scan.ts";

/**
 * Looks at the token that starts at `start`: two letters, two digits, then letters and digits with single spaces or
 * hyphens between groups.
 * @returns end of the IBAN, or -1
 */
export function checkIban(scan: Scan, start: number): number {
  if (!isLetter(scan.code(start)) || !isLetter(scan.code(start + 1))) return -1;
  if (!isDigit(scan.code(start + 2)) || !isDigit(scan.code(start + 3)) || isWordLike(scan.code(start - 1)))
    return -1;
  const country = scan.text.slice(start, start + 2);
  const length = IBAN_LENGTHS[country.toUpperCase()];
  if (length === undefined) return -1;
  let compact = "";
  let at = start;
  while (compact.length < length) {
    const code = scan.code(at);
    if (isAlnum(code)) compact += scan.text.charAt(at);
    else if ((code !== 32 && code !== 45) || !isAlnum(scan.code(at + 1)) || compact.length < 4) return -1;
    at++;
  }
  if (isWordLike(scan.code(at))) return -1;
  const upper = compact.toUpperCase();
  if (compact !== upper && compact !== compact.toLowerCase()) return -1;
  if (isMod97(upper.slice(4) + upper.slice(0, 4))) {
    scan.add("IBAN_CODE", start, at, 1, "iban", "mod97", `country:${country.toUpperCase()}`);
    return at;
  }
  return -1;
}
