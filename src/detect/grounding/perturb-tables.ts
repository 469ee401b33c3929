/** Word lists as the makers of training pairs use them: from a word to those that may stand in its place. */
import { ANTONYMS, EQUIVALENTS, EXCLUSIVE_CLASSES } from "./lexicon.data.ts";

/** Replacements by word, lower case: opposites, words of the same meaning, members of the same exclusive class. */
export interface Tables {
  readonly opposites: ReadonlyMap<string, readonly string[]>;
  readonly same: ReadonlyMap<string, readonly string[]>;
  readonly siblings: ReadonlyMap<string, readonly string[]>;
}

/** Compiles the word lists. */
export function tablesOf(): Tables {
  const opposites = new Map<string, string[]>();
  const add = (table: Map<string, string[]>, from: string, to: string): void => {
    const known = table.get(from);
    if (known === undefined) table.set(from, [to]);
    else known.push(to);
  };
  for (const line of ANTONYMS.split(";")) {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === undefined || word.length < 4) continue;
    for (const other of rest.flatMap((piece) => piece.split("|"))) {
      add(opposites, word, other);
      add(opposites, other, word);
    }
  }
  const same = new Map<string, string[]>();
  for (const line of EQUIVALENTS.split(";")) {
    const words = line.trim().split(/\s+/);
    // Only near neighbours in a group read as the same word form.
    for (let index = 1; index < words.length; index++) add(same, words[index - 1]!, words[index]!);
  }
  const siblings = new Map<string, string[]>();
  for (const list of EXCLUSIVE_CLASSES) {
    const members = list.members.split(/\s+/).map((member) => member.split("="));
    members.forEach((spellings, index) => {
      spellings.forEach((spelling, form) => {
        for (const step of [1, 2, 3]) {
          const other = members[(index + step) % members.length]!;
          add(siblings, spelling, other[Math.min(form, other.length - 1)]!);
        }
      });
    });
  }
  return { opposites, same, siblings };
}
