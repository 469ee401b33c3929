/** The table behind the normaliser: what each UTF-16 unit is read as. Built on first use. */

/** Read as nothing: zero-width, bidirectional controls, combining marks. */
export const DROPPED = 0;

/**
 * Look-alikes of Latin letters, pairs of character and letter. Source: the visually confusable pairs of Unicode
 * Technical Standard 39 for the scripts used in practice for such attacks (Cyrillic, Greek, Armenian, IPA, small capitals).
 */
const LOOK_ALIKES =
  "аaвbсcԁdеeгrһhнhіiїiјjкkӏlмmоoрpԛqѕsтtуyүyѵvԝwхxззьbєeґr" +
  "đdøołlßsæaœoħhŧtıi" +
  "αaβbγyεeηnιiκkνvοoρpσoτtυuχxωw" +
  "ΑaΒbΕeΖzΗhΙiΚkΜmΝnΟoΡpΤtΥyΧx" +
  "աwսuոnհhօoցgզqյjսu" +
  "ɑaɡgɩiıiɪiɴnʀrʏyʟlʜhʙbᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢzꜱsꜰfɢgɋqꞯqᴨnʋuƅbɓbɗdƙkƭtȷjℓlᏚsᏔwᎪaᎬeᎥiᏟcᏢpᏀgᎻhᎫjᏦkᏞlᎷmᎡrᎢtᏙvᏃz";

/** Punctuation read as its ASCII form. */
const PUNCTUATION =
  '“"”"„"«"»"‘\'’\'‚\'‛\'′\'`\'–---—---―-−-‐-‑-…..·.•.。.，,、,！!？?：:；;（(）)【[】]「"」"『"』"';

/** Characters read as nothing: zero-width, soft hyphen, joiners, bidirectional controls, fillers, variation selectors. */
const INVISIBLE: readonly (readonly [number, number])[] = [
  [0x00ad, 0x00ad],
  [0x0300, 0x036f],
  [0x0483, 0x0489],
  [0x0591, 0x05bd],
  [0x061c, 0x061c],
  [0x0640, 0x0640],
  [0x064b, 0x065f],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180e],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x20d0, 0x20ff],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfe20, 0xfe2f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff9, 0xfffb],
];

/** Ranges whose compatibility decomposition starts with the letter meant: accents, full width, circled, letter-like. */
const DECOMPOSED: readonly (readonly [number, number])[] = [
  [0x00a0, 0x024f],
  [0x0370, 0x052f],
  [0x0622, 0x0626],
  [0x1d2c, 0x1d6a],
  [0x1e00, 0x1fff],
  [0x2000, 0x200a],
  [0x2070, 0x209c],
  [0x2100, 0x214f],
  [0x2460, 0x24ff],
  [0x3000, 0x3000],
  [0xff01, 0xff5e],
];

let table: Uint16Array | undefined;

/** The table, 65,536 entries: folded unit, or {@link DROPPED}. */
export function foldTable(): Uint16Array {
  table ??= buildFoldTable();
  return table;
}

/** What one astral code point is read as; `DROPPED` when invisible. Mathematical letters and tags become ASCII. */
export function foldAstral(codePoint: number): number {
  // Unicode tags mirror ASCII (Unicode 15, chapter 23.9); invisible to people, readable to models.
  if (codePoint >= 0xe0020 && codePoint <= 0xe007e) return lowerAscii(codePoint - 0xe0000);
  if (codePoint >= 0xe0000 && codePoint <= 0xe01ef) return DROPPED;
  if ((codePoint >= 0x1d400 && codePoint <= 0x1d7ff) || (codePoint >= 0x1f100 && codePoint <= 0x1f169)) {
    const plain = String.fromCodePoint(codePoint).normalize("NFKD").replace(/[()]/g, "").charCodeAt(0);
    return plain < 0x10000 ? (foldTable()[plain] ?? plain) : plain;
  }
  if (codePoint >= 0x1f170 && codePoint <= 0x1f189) return codePoint - 0x1f170 + 97;
  if (codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff) return codePoint - 0x1f1e6 + 97;
  // One private unit per 4,096 code points keeps emoji and rare ideographs apart enough for n-grams.
  return 0xe000 | (codePoint & 0xfff);
}

function lowerAscii(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

function buildFoldTable(): Uint16Array {
  const built = new Uint16Array(65_536);
  for (let code = 0; code < built.length; code++) built[code] = code;
  for (let code = 0; code < 128; code++) built[code] = code < 33 ? 32 : lowerAscii(code);
  built[127] = DROPPED;
  for (const [first, last] of DECOMPOSED) {
    for (let code = first; code <= last; code++) {
      // "(a)" of U+249C is read as the letter.
      const plain = String.fromCharCode(code).normalize("NFKD").replace(/^\(/, "").toLowerCase();
      built[code] = plain.charCodeAt(0);
    }
  }
  for (let code = 0x0400; code <= 0x058f; code++) {
    built[code] = String.fromCharCode(code).toLowerCase().normalize("NFKD").charCodeAt(0);
  }
  for (let index = 0; index < LOOK_ALIKES.length; index += 2) {
    const letter = LOOK_ALIKES.charCodeAt(index + 1);
    const character = LOOK_ALIKES[index] ?? "";
    built[character.charCodeAt(0)] = letter;
    const upper = character.toUpperCase();
    // A capital has its own entry where it looks like another letter than its small form (Greek eta).
    if (upper.length === 1 && !LOOK_ALIKES.includes(upper)) built[upper.charCodeAt(0)] = letter;
  }
  // Accented Greek and Cyrillic letters decompose to a look-alike.
  for (let code = 0x0370; code <= 0x052f; code++) built[code] = built[built[code] ?? code] ?? code;
  for (let code = 0x1f00; code <= 0x1fff; code++) built[code] = built[built[code] ?? code] ?? code;
  for (let index = 0; index < PUNCTUATION.length; index += 2) {
    built[PUNCTUATION.charCodeAt(index)] = PUNCTUATION.charCodeAt(index + 1);
  }
  for (const code of [0x00a0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000]) built[code] = 32;
  for (let code = 0x2000; code <= 0x200a; code++) built[code] = 32;
  for (const [first, last] of INVISIBLE) built.fill(DROPPED, first, last + 1);
  return built;
}
