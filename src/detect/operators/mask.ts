/** Masking: letters and digits become `*`, separators stay, so the shape of the value can still be seen. */

/**
 * Masks a value; kept characters are counted in letters and digits (code points), separators always stay.
 * @param keepFirst letters and digits shown at the start
 * @param keepLast letters and digits shown at the end; never more than half of them are shown in all
 */
export function mask(value: string, keepFirst = 0, keepLast = 0): string {
  const chars = [...value];
  const total = chars.reduce((sum, char) => sum + (isMasked(char) ? 1 : 0), 0);
  const budget = Math.floor(total / 2);
  const first = Math.min(keepFirst, budget);
  const last = Math.min(keepLast, budget - first);
  let seen = 0;
  return chars
    .map((char) => {
      if (!isMasked(char)) return char;
      seen++;
      return seen <= first || seen > total - last ? char : "*";
    })
    .join("");
}

function isMasked(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  if (code < 128) return (code >= 48 && code < 58) || (code >= 65 && code < 91) || (code >= 97 && code < 123);
  return code !== 0xa0 && !(code >= 0x2000 && code <= 0x206f);
}
