/** More training texts from labelled ones: other names in the same places, other case. Pure and seeded. */
import type { EntityType } from "#contract";
import type { Random } from "#shared";
import { NAME_TEMPLATES, NAMELESS_SENTENCES } from "./templates.data.ts";
import type { NamesItem } from "./train.ts";

/** Values to fill slots with. */
export interface NamePools {
  readonly firstNames: readonly string[];
  readonly lastNames: readonly string[];
  readonly places: readonly string[];
  readonly organisations: readonly string[];
  readonly addresses: readonly string[];
}

const ALL_TYPES: readonly EntityType[] = ["PERSON", "LOCATION", "ORGANIZATION", "ADDRESS"];
const SLOT = /\{([pflcoa])\}/g;
const SLOT_TYPES: Readonly<Record<string, EntityType>> = {
  p: "PERSON",
  f: "PERSON",
  l: "PERSON",
  c: "LOCATION",
  o: "ORGANIZATION",
  a: "ADDRESS",
};

/** Each template filled `times` times, and every sentence without a name once in each case. */
export function fillTemplates(pools: NamePools, times: number, random: Random): NamesItem[] {
  const items: NamesItem[] = [];
  for (const template of NAME_TEMPLATES)
    for (let n = 0; n < times; n += 1) {
      const lower = template === template.toLowerCase() && random() < 0.6;
      const spans: { start: number; end: number; type: EntityType }[] = [];
      let text = "";
      let from = 0;
      for (const match of template.matchAll(SLOT)) {
        text += template.slice(from, match.index);
        const slot = match[1]!;
        const value = slotValue(slot, pools, random);
        const start = text.length;
        text += lower ? value.toLowerCase() : value;
        spans.push({ start, end: text.length, type: SLOT_TYPES[slot]! });
        from = match.index + match[0].length;
      }
      text += template.slice(from);
      items.push({ text, spans, labelled: ALL_TYPES });
    }
  for (const text of NAMELESS_SENTENCES)
    for (const variant of [text, text, text, text.toLowerCase(), text.toUpperCase()])
      items.push({ text: variant, spans: [], labelled: ALL_TYPES });
  return items;
}

/** `item` with every name, place and organisation replaced by another one of the same kind and case. */
export function replaceEntities(item: NamesItem, pools: NamePools, random: Random): NamesItem {
  let text = "";
  let from = 0;
  const spans: { start: number; end: number; type: EntityType }[] = [];
  for (const span of [...item.spans].sort((a, b) => a.start - b.start)) {
    if (span.start < from) continue;
    const old = item.text.slice(span.start, span.end);
    text += item.text.slice(from, span.start);
    const start = text.length;
    text += withCaseOf(old, replacement(span.type, old, pools, random));
    spans.push({ start, end: text.length, type: span.type });
    from = span.end;
  }
  return { ...item, text: text + item.text.slice(from), spans };
}

const PRONOUN =
  /(?<![\p{L}'’])(?:he|she|him|my (?:friend|brother|sister|boss|wife|husband|doctor)|the (?:man|woman|user|author))(?![\p{L}'’])/giu;

/**
 * `item` with persons in the places of its pronouns and of some nouns for people, in about a third of them: wordings
 * that no template has. Undefined when the text has none.
 */
export function namePronouns(item: NamesItem, pools: NamePools, random: Random): NamesItem | undefined {
  let text = "";
  let from = 0;
  const spans: { start: number; end: number; type: EntityType }[] = [];
  for (const match of item.text.matchAll(PRONOUN)) {
    if (random() < 0.6 && spans.length > 0) continue;
    const form = random();
    const name =
      form < 0.35
        ? pick(pools.firstNames, random)
        : form < 0.55
          ? pick(pools.lastNames, random)
          : personName(pools, random);
    text += item.text.slice(from, match.index);
    spans.push({ start: text.length, end: text.length + name.length, type: "PERSON" });
    text += name;
    from = match.index + match[0].length;
  }
  return spans.length === 0 ? undefined : { ...item, text: text + item.text.slice(from), spans };
}

/** `item` in lower or upper case, when that keeps every offset. */
export function changeCase(item: NamesItem, upper: boolean): NamesItem {
  const text = upper ? item.text.toUpperCase() : item.text.toLowerCase();
  return text.length === item.text.length ? { ...item, text } : item;
}

/** One random element. */
export function pick<T>(values: readonly T[], random: Random): T {
  return values[Math.floor(random() * values.length)]!;
}

function slotValue(slot: string, pools: NamePools, random: Random): string {
  switch (slot) {
    case "f":
      return pick(pools.firstNames, random);
    case "l":
      return pick(pools.lastNames, random);
    case "c":
      return pick(pools.places, random);
    case "o":
      return pick(pools.organisations, random);
    case "a":
      return pick(pools.addresses, random);
    default:
      return personName(pools, random);
  }
}

function personName(pools: NamePools, random: Random): string {
  const first = pick(pools.firstNames, random);
  const last = pick(pools.lastNames, random);
  const form = random();
  if (form < 0.72) return `${first} ${last}`;
  if (form < 0.8) return `${first} ${initial(pools, random)}. ${last}`;
  if (form < 0.86) return `${first} ${pick(pools.firstNames, random)} ${last}`;
  if (form < 0.9) return `${first} ${last}-${pick(pools.lastNames, random)}`;
  if (form < 0.92) return `${first[0]!}. ${last}`;
  if (form < 0.94) return `${first[0]!}. ${initial(pools, random)}. ${last}`;
  if (form < 0.96)
    return `${first} ${pick(["van", "von", "de", "van der", "de la", "di", "al"], random)} ${last}`;
  return `${first}-${pick(pools.firstNames, random)} ${last}`;
}

function initial(pools: NamePools, random: Random): string {
  return pick(pools.firstNames, random)[0]!;
}

function replacement(type: EntityType, old: string, pools: NamePools, random: Random): string {
  switch (type) {
    case "PERSON":
      if (!/\p{L}{2}/u.test(old) || /\.$/.test(old)) return old;
      if (/\s/.test(old)) return personName(pools, random);
      return random() < 0.65 ? pick(pools.firstNames, random) : pick(pools.lastNames, random);
    case "LOCATION":
      return /\p{L}{3}/u.test(old) ? pick(pools.places, random) : old;
    case "ORGANIZATION":
      return random() < 0.5 ? pick(pools.organisations, random) : old;
    case "ADDRESS":
      return /\d/.test(old) && /\p{L}{3}/u.test(old) && old.length > 14 ? pick(pools.addresses, random) : old;
    default:
      return old;
  }
}

function withCaseOf(old: string, value: string): string {
  if (old === old.toLowerCase() && /\p{Ll}/u.test(old)) return value.toLowerCase();
  if (old.length > 2 && old === old.toUpperCase() && /\p{Lu}{2}/u.test(old)) return value.toUpperCase();
  return value;
}
