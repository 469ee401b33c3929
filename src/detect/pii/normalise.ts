/**
 * Undoes disguises before recognisers look: full-width and other compatibility forms, zero-width characters, exotic
 * spaces and hyphens, letters of other scripts inside Latin words. Keeps a map so that spans point into the original.
 */
import { HOMOGLYPHS } from "./homoglyphs.data.ts";

/** A text without disguises and the way back. */
export interface NormalisedText {
  readonly text: string;
  /** Offset in the original of the character at `offset`; with `after`, of the place just behind that character. */
  toOriginal(offset: number, after?: boolean): number;
}

/** Kinds of characters beyond ASCII. */
const PLAIN = 0;
const INVISIBLE = 1;
const OTHER_FORM = 2;
const LOOK_ALIKE = 3;

/** Taken out: soft hyphen, joiners, fillers, bidirectional marks, variation selectors (Unicode Default_Ignorable). */
const INVISIBLE_RANGES: readonly (readonly [number, number])[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x61c, 0x61c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
];
/** Shown in another form: exotic spaces, dashes, digits of other scripts, full-width and mathematical letters. */
const OTHER_FORM_RANGES: readonly (readonly [number, number])[] = [
  [0xa0, 0xa0],
  [0x660, 0x669],
  [0x6f0, 0x6f9],
  [0x966, 0x96f],
  [0x2000, 0x200a],
  [0x2010, 0x2012],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x2070, 0x209c],
  [0x2212, 0x2212],
  [0x2460, 0x2473],
  [0x3000, 0x3000],
  [0xd835, 0xd835],
  [0xfe58, 0xfe58],
  [0xfe63, 0xfe63],
  [0xff01, 0xff61],
];
let kinds: Uint8Array | undefined;

function kindTable(): Uint8Array {
  if (kinds !== undefined) return kinds;
  kinds = new Uint8Array(0x10000);
  for (const [from, to] of INVISIBLE_RANGES) kinds.fill(INVISIBLE, from, to + 1);
  for (const [from, to] of OTHER_FORM_RANGES) kinds.fill(OTHER_FORM, from, to + 1);
  for (const letter of Object.keys(HOMOGLYPHS)) kinds[letter.charCodeAt(0)] = LOOK_ALIKE;
  return kinds;
}

/** Whether a UTF-16 code beyond ASCII may be part of a disguise. */
export function isDisguise(code: number): boolean {
  return kindTable()[code] !== PLAIN;
}

function mayBeDisguised(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 128 && isDisguise(code)) return true;
  }
  return false;
}

/**
 * The text without disguises.
 * @returns undefined when nothing had to be changed (the usual case). Linear.
 */
export function normalise(text: string): NormalisedText | undefined {
  if (!mayBeDisguised(text)) return undefined;
  const starts: number[] = [];
  const ends: number[] = [];
  let out = "";
  let word = "";
  let wordHasLatin = false;
  let isChanged = false;

  function closeWord(): void {
    if (word === "") return;
    out += wordHasLatin ? withoutHomoglyphs(word) : word;
    word = "";
    wordHasLatin = false;
  }

  for (let i = 0; i < text.length; ) {
    const code = text.charCodeAt(i);
    let end = i + 1;
    let plain = text.charAt(i);
    let isWord = false;
    if (code < 128) {
      const isLatin = (code >= 65 && code < 91) || (code >= 97 && code < 123);
      isWord = isLatin || (code >= 48 && code < 58);
      if (isLatin) wordHasLatin = true;
    } else {
      const point = text.codePointAt(i) ?? code;
      if (point > 0xffff) end++;
      const original = text.slice(i, end);
      if (kindTable()[code] === INVISIBLE) {
        isChanged = true;
        i = end;
        continue;
      }
      plain = kindTable()[code] === OTHER_FORM ? plainForm(point, original) : original;
      if (plain !== original) isChanged = true;
      isWord = WORD.test(plain);
      if (isWord && LATIN.test(plain)) wordHasLatin = true;
    }
    if (!isWord) closeWord();
    for (let k = 0; k < plain.length; k++) {
      starts.push(i);
      ends.push(end);
    }
    if (isWord) word += plain;
    else out += plain;
    i = end;
  }
  closeWord();
  if (!isChanged && out === text) return undefined;
  return {
    text: out,
    toOriginal: (offset, after = false) => (after ? ends[offset] : starts[offset]) ?? text.length,
  };
}

const WORD = /^[\p{L}\p{N}]/u;
const LATIN = /[A-Za-z]/;
const NON_ASCII = /[^\x00-\x7f]/;

function withoutHomoglyphs(word: string): string {
  if (!NON_ASCII.test(word)) return word;
  let plain = "";
  for (let k = 0; k < word.length; k++) plain += HOMOGLYPHS[word.charAt(k)] ?? word.charAt(k);
  return plain;
}

/** Exotic spaces, hyphens, dots and digits in their ASCII form; compatibility forms by NFKC (Unicode UAX 15). */
function plainForm(point: number, original: string): string {
  if (
    point === 0xa0 ||
    (point >= 0x2000 && point <= 0x200a) ||
    point === 0x202f ||
    point === 0x205f ||
    point === 0x3000
  )
    return " ";
  if ((point >= 0x2010 && point <= 0x2015) || point === 0x2212 || point === 0xfe58 || point === 0xfe63)
    return "-";
  if (point === 0x3002 || point === 0xff61) return ".";
  if (point >= 0x660 && point <= 0x669) return String(point - 0x660);
  if (point >= 0x6f0 && point <= 0x6f9) return String(point - 0x6f0);
  if (point >= 0x966 && point <= 0x96f) return String(point - 0x966);
  return original.normalize("NFKC");
}
