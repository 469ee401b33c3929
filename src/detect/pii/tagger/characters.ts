/** Character classes and folded forms of UTF-16 code units, as one flat table built once on first use. */

/** Not part of a word. */
export const OTHER = 0;
/** Lower-case letter (or a letter with no upper case in a script that has case). */
export const LOWER = 1;
/** Upper-case or title-case letter. */
export const UPPER = 2;
/** Decimal digit. */
export const DIGIT = 3;
/** Letter of a script without case. */
export const CASELESS = 4;
/** Combining mark: continues a word. */
export const MARK = 5;

let table: Uint32Array | undefined;

/**
 * By code unit: the class constant in the upper 16 bits, the folded unit in the lower ones (lower case by simple
 * mapping; every digit is "0"). Surrogates are OTHER. 256 KB, built on the first call in a few milliseconds.
 */
export function characterTable(): Uint32Array {
  table ??= buildTable();
  return table;
}

function buildTable(): Uint32Array {
  const built = new Uint32Array(65536);
  const letter = /\p{L}/u;
  const mark = /\p{M}/u;
  const digit = /\p{Nd}/u;
  for (let code = 0; code < 65536; code += 1) {
    let folded = code;
    let kind = OTHER;
    if (code < 0xd800 || code > 0xdfff) {
      const character = String.fromCharCode(code);
      if (letter.test(character)) {
        const small = character.toLowerCase();
        const large = character.toUpperCase();
        if (small.length === 1) folded = small.charCodeAt(0);
        kind = small !== character ? UPPER : large !== character || code < 0x250 ? LOWER : CASELESS;
      } else if (mark.test(character)) kind = MARK;
      else if (digit.test(character)) {
        kind = DIGIT;
        folded = 48;
      }
    }
    built[code] = (kind << 16) | folded;
  }
  return built;
}
