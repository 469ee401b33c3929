/** What each UTF-16 unit is to the tokeniser. */

/** Classes of units, as bits above the folded unit in {@link unitTable}; punctuation has none. */
export const CLASS = { letter: 0x10000, digit: 0x20000, space: 0x40000, ideograph: 0x80000 } as const;

let table: Uint32Array | undefined;

/**
 * For every unit its class and, in the low sixteen bits, its lower case without diacritics (Latin, Greek and Cyrillic; other
 * units are themselves). One load tells the scanner all it needs of a unit.
 */
export function unitTable(): Uint32Array {
  if (table !== undefined) return table;
  const built = new Uint32Array(65536);
  for (let unit = 0; unit < 65536; unit++) built[unit] = classOf(unit) | foldedOf(unit);
  table = built;
  return built;
}

function classOf(unit: number): number {
  if (unit >= 48 && unit <= 57) return CLASS.digit;
  if ((unit >= 65 && unit <= 90) || (unit >= 97 && unit <= 122)) return CLASS.letter;
  if (unit === 32 || (unit >= 9 && unit <= 13) || unit === 0xa0 || (unit >= 0x2000 && unit <= 0x200a))
    return CLASS.space;
  if (unit < 0xc0 || unit === 0xd7 || unit === 0xf7) return 0;
  const isMark =
    (unit >= 0x2000 && unit <= 0x2bff) ||
    (unit >= 0x3000 && unit <= 0x303f) ||
    (unit >= 0xfe00 && unit <= 0xfe6f) ||
    (unit >= 0xff00 && unit <= 0xff0f) ||
    (unit >= 0xd800 && unit <= 0xf8ff);
  if (isMark) return 0;
  return (unit >= 0x3040 && unit <= 0x9fff) || (unit >= 0xac00 && unit <= 0xd7af)
    ? CLASS.ideograph
    : CLASS.letter;
}

function foldedOf(unit: number): number {
  if (unit >= 65 && unit <= 90) return unit + 32;
  if (unit >= 0xc0 && unit < 0x250)
    return String.fromCharCode(unit).toLowerCase().normalize("NFD").charCodeAt(0);
  if (unit >= 0x370 && unit < 0x530) {
    const lower = String.fromCharCode(unit).toLowerCase();
    if (lower.length === 1) return lower.charCodeAt(0);
  }
  return unit;
}
