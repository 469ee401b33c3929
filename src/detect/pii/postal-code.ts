/** Postal codes: with a label, and the five digits behind a US state. */
import { CONTEXT } from "./context.data.ts";
import { isDigit, isLetter, isWordLike, type Scan } from "./scan.ts";

/** USPS abbreviations of states and territories. */
const STATES = new Set(
  "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA PR RI SC SD TN TX UT VT VA WA WV WI WY GU VI AS MP".split(
    " ",
  ),
);

/** United Kingdom (BS 7666) and Canada: two halves with a space between. */
export const TWO_PART_CODE =
  /^(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{3} \d{2}|\d{4} [A-Z]{2})(?![A-Za-z\d])/i;

/** Looks for a code in two parts behind a label at the token that starts at `start`. */
export function checkLabelledPostcode(scan: Scan, start: number): void {
  if ((scan.near(start) & CONTEXT.zip) === 0) return;
  const match = TWO_PART_CODE.exec(scan.text.slice(start, start + 10));
  if (match !== null) scan.add("ZIP_CODE", start, start + match[0].length, 0.9, "postal-code", "context:zip");
}

/** Looks at five digits `[start, end)`: `Boston, MA 02115-1234`. */
export function checkStateZip(scan: Scan, start: number, end: number): void {
  if (end - start !== 5 || scan.code(start - 1) !== 32) return;
  if (!isLetter(scan.code(start - 2)) || !isLetter(scan.code(start - 3)) || isWordLike(scan.code(start - 4)))
    return;
  if (!STATES.has(scan.text.slice(start - 3, start - 1))) return;
  let full = end;
  if (scan.code(end) === 45) {
    let to = end + 1;
    while (to < end + 6 && isDigit(scan.code(to))) to++;
    if (to === end + 5) full = to;
  }
  if (!isWordLike(scan.code(full))) scan.add("ZIP_CODE", start, full, 0.7, "postal-code", "state");
}
