import type { MockSettings } from "./settings.ts";

/** UTF-16 units of one token in the mock's rule of thumb. */
export const CHARS_PER_TOKEN = 4;
const WORD = /\S+\s*|\s+/g;
const FIXED_ANSWER = "This answer is always the same and holds nothing of what was asked.";

/** Usage rule of the mock: one token for every four UTF-16 units, begun ones counted. */
export function tokensOf(lengthUtf16: number): number {
  return Math.ceil(lengthUtf16 / CHARS_PER_TOKEN);
}

/**
 * The answer's text. `echo` quotes the whole of the user's text, so that placeholders come back.
 * @param choice number of the choice, from 0; later ones begin with their number
 */
export function answerText(settings: MockSettings, userText: string, choice: number): string {
  const text =
    settings.answer === "fixed"
      ? FIXED_ANSWER
      : `Your message reached me as follows: ${userText}\nThat is the whole of it.`;
  return choice === 0 ? text : `(${choice + 1}) ${text}`;
}

/**
 * Cuts a text into what the events of a stream carry: words with the space behind them, or runs of `charsPerEvent`
 * UTF-16 units (a surrogate pair stays together). The pieces joined are the text.
 */
export function splitPieces(text: string, charsPerEvent: number): readonly string[] {
  if (text === "") return [];
  if (charsPerEvent === 0) return text.match(WORD) ?? [];
  const pieces: string[] = [];
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + charsPerEvent);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
