/** Names behind words that introduce a person: "my name is", "Dr.", "Patient:", "Regards,". */
import { INTRO_WORDS, NAME_PARTICLES, NOT_A_NAME, TITLES } from "./person-intro.data.ts";
import { isSpace, type Scan } from "./scan.ts";

const MAX_NAME_WORDS = 5;

/**
 * Looks at the capital letter at `at` that begins a word.
 * @returns where the scan goes on. Bounded work.
 */
export function checkPerson(scan: Scan, at: number): number {
  const how = introducedBy(scan, at);
  if (how === "none") return at + 1;
  const end = nameEnd(scan, at);
  if (end < 0) return at + 1;
  scan.add("PERSON", at, end, how === "title" ? 0.8 : how === "label" ? 0.75 : 0.7, "person-intro", how);
  return end;
}

/** A look at the two letters before the gap; nearly every capital letter of prose is done with here. */
function mayBeIntroduced(scan: Scan, at: number): boolean {
  let last = at - 1;
  const gap = scan.code(last);
  if (gap !== 32) return gap === 10 || gap === 58 || gap === 9 || gap === 42;
  last--;
  let code = scan.code(last);
  if (code === 46 || code === 58 || code === 44) {
    last--;
    code = scan.code(last);
  }
  if (code <= 32 || code === 42 || code >= 128) return true;
  return INTRO_PAIRS[pair(scan.code(last - 1), code)] === 1;
}

/** Last two letters of the words that introduce. */
const INTRO_PAIRS = buildPairs();

function buildPairs(): Uint8Array {
  const pairs = new Uint8Array(1024);
  for (const word of [...TITLES, ...INTRO_WORDS.keys()]) {
    const length = word.length;
    pairs[pair(length > 1 ? word.charCodeAt(length - 2) : 32, word.charCodeAt(length - 1))] = 1;
  }
  return pairs;
}

function pair(first: number, second: number): number {
  return (first & 31) * 32 + (second & 31);
}

/** Whether an introducing word may have this last letter and length: spares the slice for nearly every word. */
const MAY_INTRODUCE = buildSlots();

function buildSlots(): Uint8Array {
  const slots = new Uint8Array(512);
  for (const word of [...TITLES, ...INTRO_WORDS.keys()]) {
    slots[slot(word.charCodeAt(word.length - 1), word.length)] = 1;
  }
  return slots;
}

function slot(lastCode: number, length: number): number {
  return (lastCode < 128 ? lastCode & 31 : 0) * 16 + length;
}

type Introduction = "title" | "label" | "phrase" | "none";

function introducedBy(scan: Scan, at: number): Introduction {
  if (!mayBeIntroduced(scan, at)) return "none";
  let end = at;
  let hasColon = false;
  let hasDot = false;
  let hasBreak = false;
  for (; end > 0 && at - end < 6; end--) {
    const code = scan.code(end - 1);
    if (code === 58) hasColon = true;
    else if (code === 46) hasDot = true;
    else if (code === 10) hasBreak = true;
    else if (!isSpace(code) && code !== 44 && code !== 42) break;
  }
  if (end === at) return "none";
  let start = end;
  while (start > 0 && end - start < 16 && isNameCode(scan.code(start - 1))) start--;
  const length = end - start;
  if (length === 0 || length > 15 || !MAY_INTRODUCE[slot(scan.code(end - 1), length)]) return "none";
  const word = scan.text.slice(start, end).toLowerCase();
  if (!hasBreak && !hasColon && TITLES.has(word)) return "title";
  const kind = INTRO_WORDS.get(word);
  if (kind === undefined) return "none";
  if (hasColon) return kind.isLabel ? "label" : "none";
  if (hasDot || hasBreak || kind.before === undefined) return "none";
  return kind.before.test(scan.text.slice(Math.max(0, start - 24), start)) ? "phrase" : "none";
}

/** End of one to five capitalised words with particles between them, or -1. */
function nameEnd(scan: Scan, at: number): number {
  let end = -1;
  let words = 0;
  let from = at;
  while (words < MAX_NAME_WORDS) {
    let stop = from;
    while (stop - from < 40 && isNameCode(scan.code(stop))) stop++;
    if (stop === from) break;
    const word = scan.text.slice(from, stop);
    const lower = word.toLowerCase();
    const isCapital = word.charAt(0) !== lower.charAt(0);
    if (isCapital) {
      if (NOT_A_NAME.has(lower)) break;
      words++;
      end = stop;
      if (scan.code(stop) === 46 && (word.length === 1 || TITLES.has(lower))) stop++;
    } else if (!NAME_PARTICLES.has(lower)) break;
    if (scan.code(stop) !== 32) break;
    from = stop + 1;
  }
  return end;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code < 123) ||
    (code >= 65 && code < 91) ||
    code === 39 ||
    code === 45 ||
    code === 0x2019 ||
    (code >= 0xc0 && code < 0x2000 && code !== 0xd7 && code !== 0xf7)
  );
}
