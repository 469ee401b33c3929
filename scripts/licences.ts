/** Which items may train what ships, and the list of the sources that did. */

/** Licences whose items may train what ships. */
const PERMITTED = /^(?:MIT|Apache-2\.0|BSD[-\w]*|CC0-1\.0|CC0|PDDL-1\.0|CC-BY-\d\.0|CDLA-Permissive-2\.0)$/;

/** True when every licence that an item names is permitted; one share-alike name anywhere is enough for no. */
export function mayTrain(licence: string): boolean {
  if (/-SA\b/.test(licence)) return false;
  return licence
    .replace(/\([^)]*\)/g, "")
    .split(/[/,;]/)
    .every((name) => PERMITTED.test(name.trim()));
}

/** One line of a report: a source, its licence and how many of its items were used for what. */
export interface SourceLine {
  readonly source: string;
  readonly licence: string;
  readonly items: number;
  readonly use: string;
}

/** Counts items by source and licence, in order of first appearance. */
export function sourceLines(
  items: readonly { readonly source: string; readonly licence: string }[],
  use: string,
): SourceLine[] {
  const counts = new Map<string, { source: string; licence: string; items: number }>();
  for (const { source, licence } of items) {
    const key = `${source}\n${licence}`;
    const entry = counts.get(key) ?? { source, licence, items: 0 };
    entry.items++;
    counts.set(key, entry);
  }
  return [...counts.values()].map((entry) => ({ ...entry, use }));
}
