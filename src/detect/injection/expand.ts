import type { Random } from "#shared";

/** Lists by slot name; an entry may hold slots and alternatives itself. */
export type Slots = Readonly<Record<string, readonly string[]>>;

/** Templates nest this deep at most; deeper ones refer to themselves. */
const MAX_DEPTH = 8;

/**
 * One random sentence of a template: `{a|b}` picks an alternative, `{NAME}` an entry of the list of that name, `⟦` and
 * `⟧` become braces. The same `random` sequence gives the same sentence.
 */
export function expandTemplate(template: string, slots: Slots, random: Random): string {
  return expand(template, slots, random, 0).replaceAll("⟦", "{").replaceAll("⟧", "}");
}

function expand(template: string, slots: Slots, random: Random, depth: number): string {
  let out = "";
  for (let at = 0; at < template.length; at++) {
    const character = template[at]!;
    if (character !== "{") {
      out += character;
      continue;
    }
    const end = closingBrace(template, at);
    const inner = template.slice(at + 1, end);
    at = end;
    if (depth > MAX_DEPTH) continue;
    const list = slots[inner];
    out += expand(pick(list ?? splitAlternatives(inner), random), slots, random, depth + 1);
  }
  return out;
}

/** A random entry; lists are never empty. */
export function pick<T>(list: readonly T[], random: Random): T {
  return list[Math.floor(random() * list.length)]!;
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "{") depth++;
    else if (text[at] === "}" && --depth === 0) return at;
  }
  throw new RangeError(`template without closing brace: ${text.slice(open, open + 40)}`);
}

function splitAlternatives(inner: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === "{") depth++;
    else if (inner[at] === "}") depth--;
    else if (inner[at] === "|" && depth === 0) {
      parts.push(inner.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(inner.slice(start));
  return parts;
}
