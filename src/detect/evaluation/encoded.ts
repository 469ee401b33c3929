import type { InjectionDetector } from "../types.ts";

/** Ways to hide a text from a detector; each keeps every letter, so that a reader can undo it. */
export const DISGUISES: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text).toString("base64"),
  hex: (text) => Buffer.from(text).toString("hex"),
  leet: (text) => swap(text, "aeiost", "431057"),
  homoglyph: (text) => swap(text, "aeocpxi", "аеосрхі"),
  "zero-width": (text) => [...text].join("\u200b"),
  "full-width": (text) => text.replace(/[!-~]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) + 0xfee0)),
  url: (text) => encodeURIComponent(text.replace(/\p{Surrogate}/gu, "\ufffd")),
  rot13: (text) => text.replace(/[a-z]/gi, rotate),
  reversed: (text) => [...text].reverse().join(""),
};

/** Share of the texts found as they are that are still found under each of {@link DISGUISES}; `null` when none is found. */
export function detectedWhenDisguised(
  detector: InjectionDetector,
  texts: readonly string[],
): { readonly found: number; readonly stillFound: Readonly<Record<string, number | null>> } {
  const found = texts.filter((text) => detector.inspect(text).isInjection);
  const stillFound = Object.entries(DISGUISES).map(([name, disguise]) => {
    const hits = found.filter((text) => detector.inspect(disguise(text)).isInjection).length;
    return [name, found.length === 0 ? null : hits / found.length];
  });
  return { found: found.length, stillFound: Object.fromEntries(stillFound) };
}

function swap(text: string, letters: string, others: string): string {
  return text.replace(new RegExp(`[${letters}]`, "gi"), (letter) => {
    const at = letters.indexOf(letter.toLowerCase());
    return others[at] ?? letter;
  });
}

/** ROT13 of one ASCII letter. */
function rotate(letter: string): string {
  const first = letter <= "Z" ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - first + 13) % 26) + first);
}
