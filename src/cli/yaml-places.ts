import { isNode, isPair, LineCounter, parseDocument } from "yaml";

/** A place in a text, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** Where the keys of a YAML text stand. */
export interface YamlPlaces {
  /** Why the text is no YAML; empty when it is. */
  readonly faults: readonly (Place & { readonly reason: string })[];
  /** The place of a key such as `bounds.bodyBytes` or `customers.0.keys`, or of the nearest one above it that is there. */
  of(key: string): Place | null;
}

/** Finds where the keys of a YAML text stand. */
export function yamlPlaces(text: string): YamlPlaces {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(offset);
    return { line, column: col };
  };
  return {
    faults: document.errors.map(({ pos, code }) => ({ ...placeAt(pos[0]), reason: `no YAML (${code})` })),
    of(key) {
      const path = key.split(".").filter((part) => part !== "");
      for (; path.length > 0; path.pop()) {
        const offset = offsetOf(document, path);
        if (offset !== null) return placeAt(offset);
      }
      return null;
    },
  };
}

/** Where the key, or for an item of a list the item, begins. */
function offsetOf(document: ReturnType<typeof parseDocument>, path: readonly string[]): number | null {
  const above = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  const last = path.at(-1);
  if (typeof above === "object" && above !== null && "items" in above && Array.isArray(above.items))
    for (const [index, item] of above.items.entries()) {
      const node = isPair(item) ? item.key : item;
      const name = isPair(item) ? String(item.key) : String(index);
      if (name === last && isNode(node)) return node.range?.[0] ?? null;
    }
  return null;
}
