import { type ConceptHits, conceptMask } from "./lexicon.ts";
import type { TextCounts } from "./normalise.ts";

/** Ways in which a text hides another one. */
export type Encoding =
  | "base64"
  | "hex"
  | "url"
  | "escape"
  | "entity"
  | "rot13"
  | "reversed"
  | "leetspeak"
  | "spaced";

/** A hidden text and the range of the carrier that holds it. */
export interface DecodedSegment {
  readonly encoding: Encoding;
  readonly text: string;
  /** UTF-16 offsets into the carrier, `end` exclusive. */
  readonly start: number;
  readonly end: number;
}

/** A run of Base64 (RFC 4648 sections 4 and 5), wrapped lines included. Linear: one class, one optional line break. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{16,}={0,2}(?:\r?\n[A-Za-z0-9+/_-]{8,}={0,2})*/g;
/** Pairs of hex digits: plain, `\x41`, `0x41`, separated by a space, colon or hyphen. */
const HEX_RUN = /(?:(?:\\x|0x|%)?[0-9A-Fa-f]{2}[ ,:-]?){8,}/g;
/** Percent encoding (RFC 3986 section 2.1). */
const URL_RUN = /%[0-9A-Fa-f]{2}/;
/** `\u0041` and `\x41` escapes. */
const ESCAPE = /\\u\{?([0-9A-Fa-f]{4,5})\}?|\\x([0-9A-Fa-f]{2})/g;
/** Numeric character references of HTML. */
const ENTITY = /&#(?:x([0-9A-Fa-f]{2,5})|([0-9]{2,6}));/g;
/** Letters apart: `i g n o r e`, `i.g.n.o.r.e`. */
const SPACED_RUN = /[A-Za-z](?:[ ._*-]{1,3}[A-Za-z](?![A-Za-z])){4,}/g;

/** Expressions of the decoders, for the common check against catastrophic backtracking. */
export const DECODER_PATTERNS: readonly RegExp[] = [BASE64_RUN, HEX_RUN, URL_RUN, ESCAPE, ENTITY, SPACED_RUN];

/** Hidden texts judged per carrier at most; the longest runs of an attack come first in practice. */
const MAX_SEGMENTS = 8;
/** Longest carrier of an encoding of the whole text that is decoded, in UTF-16 units; bounds the extra passes. */
const MAX_DECODED_UNITS = 1 << 20;

const ROT13 = conceptMask("rot13");
const REVERSED = conceptMask("reversed");
const LEET_LETTERS: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "3": "e",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "9": "g",
  "@": "a",
  $: "s",
  "!": "i",
  "|": "l",
  "+": "t",
};
const LONGEST_LEET_WORD = 24;
const LEET_SYMBOL = /[0134578@$!|+9]/g;

/**
 * Finds hidden texts. Each decoder first asks the counts of the normaliser, so that ordinary text costs nothing here.
 * Linear in the text.
 */
export function decodeSegments(text: string, counts: TextCounts, hits: ConceptHits): DecodedSegment[] {
  const segments: DecodedSegment[] = [];
  if (text.length > MAX_DECODED_UNITS) return segments;
  // Hex is mostly digits; Base64 of text changes between small letters, capitals and digits all the time.
  const isPacked = counts.longestRun >= 16;
  if (counts.digits >= 8 && (isPacked || counts.digits * 4 > counts.letters)) {
    decodeRuns(text, HEX_RUN, "hex", decodeHex, segments);
  }
  if (isPacked && counts.camels + counts.digits >= 3) {
    decodeRuns(text, BASE64_RUN, "base64", decodeBase64, segments);
  }
  if (counts.percents >= 3 && URL_RUN.test(text)) pushWhole("url", decodePercent(text), text, segments);
  if (counts.backslashes >= 3) pushWhole("escape", decodeEscapes(text), text, segments);
  if (counts.digits >= 6 && text.includes("&#")) pushWhole("entity", decodeEntities(text), text, segments);
  if (counts.leet >= 4 && counts.leet * 8 > counts.letters)
    pushWhole("leetspeak", decodeLeet(text), text, segments);
  if (counts.singleLetters >= 6 && counts.singleLetters * 3 > counts.letters / 2)
    decodeSpaced(text, segments);
  const words = counts.letters / 5 + 1;
  const marks = countMarks(hits);
  if (marks.rot13 >= 2 && marks.rot13 * 12 > words) pushWhole("rot13", decodeRot13(text), text, segments);
  if (marks.reversed >= 2 && marks.reversed * 12 > words) {
    pushWhole("reversed", [...text].reverse().join(""), text, segments);
  }
  return segments;
}

/** Base64 or Base64url to text; undefined unless it is UTF-8 that a person could read. */
export function decodeBase64(run: string): string | undefined {
  const packed = run.replace(/[\r\n]/g, "");
  // One run may carry a stray character in front or behind: length 4n+1 cannot be Base64.
  const usable = packed.replace(/=+$/, "").length % 4 === 1 ? packed.slice(0, -1) : packed;
  return readable(Buffer.from(usable, "base64"));
}

/** Hex digits in any of the usual notations to text; undefined unless readable. */
export function decodeHex(run: string): string | undefined {
  const digits = run.replace(/\\x|0x|[ ,:%-]/g, "");
  if (/^[0-9]+$/.test(digits) && !/[2-7]/.test(digits)) return undefined;
  return readable(Buffer.from(digits.length % 2 === 0 ? digits : digits.slice(0, -1), "hex"));
}

/** Percent-encoded bytes to text; sequences that are no UTF-8 stay as they are. */
export function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => {
    const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
    const decoded = bytes.toString("utf8");
    return decoded.includes("�") ? run : decoded;
  });
}

/** `\uXXXX` and `\xXX` to characters. */
export function decodeEscapes(text: string): string {
  return text.replace(ESCAPE, (_all, long?: string, short?: string) => fromHex(long ?? short ?? ""));
}

/** `&#105;` and `&#x69;` to characters. */
export function decodeEntities(text: string): string {
  return text.replace(ENTITY, (_all, hex?: string, decimal?: string) =>
    hex ? fromHex(hex) : fromCodePoint(Number(decimal)),
  );
}

/** ROT13 of the ASCII letters. */
export function decodeRot13(text: string): string {
  return text.replace(/[A-Za-z]/g, (letter) => {
    const code = letter.charCodeAt(0);
    const base = code < 97 ? 65 : 97;
    return String.fromCharCode(base + ((code - base + 13) % 26));
  });
}

/** Leetspeak to letters, word by word: a word counts as leet when it has a letter, or is short and all leet digits. */
export function decodeLeet(text: string): string {
  return text.replace(/[^\s.,;:?"'()[\]{}<>]+/g, (word) => {
    // Hashes and keys mix letters and digits too.
    if (word.length > LONGEST_LEET_WORD) return word;
    if (/[A-Za-z]/.test(word) || (word.length <= 4 && /^[0134579@$]+$/.test(word))) {
      return word.replace(LEET_SYMBOL, (symbol, at: number) =>
        // A closing exclamation mark is one.
        symbol === "!" && at === word.length - 1 ? symbol : (LEET_LETTERS[symbol] ?? symbol),
      );
    }
    return word;
  });
}

function decodeSpaced(text: string, segments: DecodedSegment[]): void {
  const joined = text.replace(SPACED_RUN, (run) =>
    run.replace(/([A-Za-z])([ ._*-]{1,3})/g, (_all, letter: string, gap: string) =>
      gap.length >= 2 && gap.includes(" ") ? `${letter} ` : letter,
    ),
  );
  pushWhole("spaced", joined, text, segments);
}

function decodeRuns(
  text: string,
  pattern: RegExp,
  encoding: Encoding,
  decode: (run: string) => string | undefined,
  segments: DecodedSegment[],
): void {
  for (const match of text.matchAll(pattern)) {
    if (segments.length >= MAX_SEGMENTS) return;
    const decoded = decode(match[0]);
    if (decoded === undefined) continue;
    segments.push({ encoding, text: decoded, start: match.index, end: match.index + match[0].length });
  }
}

function pushWhole(encoding: Encoding, decoded: string, text: string, segments: DecodedSegment[]): void {
  if (decoded !== text) segments.push({ encoding, text: decoded, start: 0, end: text.length });
}

/** Text of the bytes when it is UTF-8, at least six characters, nearly all of them letters, digits, spaces or punctuation. */
function readable(bytes: Buffer): string | undefined {
  if (bytes.length < 6) return undefined;
  const text = bytes.toString("utf8");
  let odd = 0;
  let spaces = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0xfffd || unit === 127 || (unit < 32 && unit !== 10 && unit !== 13 && unit !== 9)) odd++;
    if (unit === 32) spaces++;
  }
  if (odd * 20 > text.length) return undefined;
  // Random ASCII-looking bytes have no words.
  return spaces > 0 || text.charCodeAt(0) > 0x2e80 ? text : undefined;
}

function fromHex(digits: string): string {
  return fromCodePoint(Number.parseInt(digits, 16));
}

function fromCodePoint(codePoint: number): string {
  return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : "";
}

function countMarks(hits: ConceptHits): { rot13: number; reversed: number } {
  let rot13 = 0;
  let reversed = 0;
  for (let index = 0; index < hits.count; index++) {
    if ((hits.masks[index]! & ROT13) !== 0) rot13++;
    if ((hits.masks[index]! & REVERSED) !== 0) reversed++;
  }
  return { rot13, reversed };
}
