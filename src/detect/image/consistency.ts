/**
 * Checkable claims of a description: numbers, quoted words, and capitalised words inside a sentence. What the picture
 * shows beyond its text is not checkable here, so other words are passed over.
 */
export const checkableClaims =
  /["“«]([^"“”«»\n]{1,80})["”»]|\d[\d.,:/-]*\d|\d|(?<=[a-z,;] )\p{Lu}[\p{L}'’-]{2,40}/gu;

/** A part of a description by its offsets. */
export interface DescriptionSpan {
  readonly start: number;
  readonly end: number;
}

/**
 * Compares a description with the text that was read in the picture.
 * @returns null when the description holds nothing checkable
 */
export function compareDescription(
  description: string,
  recognised: string,
): { readonly consistency: number; readonly unsupported: readonly DescriptionSpan[] } | null {
  const haystack = fold(recognised);
  let claims = 0;
  const unsupported: DescriptionSpan[] = [];
  for (const match of description.matchAll(checkableClaims)) {
    claims += 1;
    if (!haystack.includes(fold(match[1] ?? match[0])))
      unsupported.push({ start: match.index, end: match.index + match[0].length });
  }
  return claims === 0 ? null : { consistency: 1 - unsupported.length / claims, unsupported };
}

/** Letters and digits only, lower case: line breaks, spacing and punctuation of recognised text are unreliable. */
function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "");
}
