/**
 * National identifiers in one pass: the text is searched for digits; groups of letters and digits around them are joined
 * over single separators, and only rules whose written form fits the joined piece look at it.
 */
import type { EntityType } from "#contract";
import type { Finding, Recogniser } from "../../types.ts";
import { findLocalPhones, LOCAL_PHONES } from "./local-phones.ts";
import type { NationalRule } from "./rule.ts";
import { ASIAN_RULES } from "./rules-asia.data.ts";
import { EUROPEAN_RULES } from "./rules-europe.data.ts";
import { GERMAN_RULES } from "./rules-germany.data.ts";
import { OTHER_RULES } from "./rules-other.data.ts";

/** Every rule; several may share a type. */
export const NATIONAL_RULES: readonly NationalRule[] = [
  ...GERMAN_RULES,
  ...EUROPEAN_RULES,
  ...ASIAN_RULES,
  ...OTHER_RULES,
];

/** Types of all national identifiers. */
export const NATIONAL_TYPES: readonly EntityType[] = [
  ...new Set([...NATIONAL_RULES.map((rule) => rule.type), ...LOCAL_PHONES.map((rule) => rule.type)]),
];

const SOURCE = "national";
/** Longest identifier in UTF-16 units and in groups. */
const MAX_LENGTH = 26;
const MAX_GROUPS = 6;
/** Context window before and after, in UTF-16 units. */
const BEFORE = 60;
const AFTER = 40;
/** Score of an identifier that is the whole text, when its rule says nothing else. */
const WHOLE_SCORE = 0.55;
const NEAR_SCORE = 0.9;
/** Forms remembered; more kinds of pieces than this are judged afresh. */
const MAX_KNOWN_FORMS = 4096;

const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

interface CompiledRule {
  readonly rule: NationalRule;
  readonly form: RegExp;
}

/**
 * A recogniser of national identifiers. Linear: each group with a digit begins a bounded number of pieces.
 * @param types the types to look for; default all
 */
export function createNationalRecogniser(types: readonly EntityType[] = NATIONAL_TYPES): Recogniser {
  const compiled = NATIONAL_RULES.filter((rule) => types.includes(rule.type)).map((rule) => ({
    rule,
    form: compileForms(rule.forms),
  }));
  const phones = LOCAL_PHONES.filter((rule) => types.includes(rule.type));
  const known = new Map<number, readonly CompiledRule[]>();
  const digit = /[0-9]/g;

  function rulesFor(hash: number, piece: string): readonly CompiledRule[] {
    let rules = known.get(hash);
    if (rules === undefined) {
      const written = piece
        .replace(/[0-9]/g, "9")
        .replace(/[A-ZÄÖÜ]/g, "A")
        .replace(/[a-zäöü]/g, "a");
      rules = compiled.filter((one) => one.form.test(written));
      if (known.size < MAX_KNOWN_FORMS) known.set(hash, rules);
    }
    return rules;
  }

  function judge(
    text: string,
    start: number,
    end: number,
    hash: number,
    touches: boolean,
    found: Finding[],
  ): void {
    const rules = rulesFor(hash, text.slice(start, end));
    for (const { rule } of rules) {
      if (touches && rule.mayTouchWord !== true) continue;
      const raw = text.slice(start, end);
      const compact = raw.replace(/[^0-9A-Za-zÄÖÜäöü]/g, "").toUpperCase();
      if (rule.isValid !== undefined && !rule.isValid(compact, raw)) continue;
      addBest(found, toFinding(rule, text, start, end));
    }
  }

  function pieces(text: string, from: number, touches: boolean, found: Finding[]): void {
    let hash = FNV_BASIS;
    let hasDigit = false;
    let groups = 0;
    let i = from;
    const limit = Math.min(text.length, from + MAX_LENGTH + 1);
    while (i < limit) {
      const kind = classOf(text.charCodeAt(i));
      if (kind === 0) return;
      if (kind === 1) hasDigit = true;
      hash = Math.imul(hash ^ kind, FNV_PRIME);
      i += 1;
      if (i < text.length && classOf(text.charCodeAt(i)) !== 0) continue;
      groups += 1;
      const separator = i < text.length ? text.charCodeAt(i) : 0;
      if (hasDigit && i - from <= MAX_LENGTH && endsFreely(text, i))
        judge(text, from, i, hash, touches, found);
      if (groups === MAX_GROUPS || !isSeparator(separator)) return;
      hash = Math.imul(hash ^ separator, FNV_PRIME);
      i += 1;
    }
  }

  return {
    name: SOURCE,
    types: [...new Set([...compiled.map((one) => one.rule.type), ...phones.map((rule) => rule.type)])],
    find(text) {
      const found: Finding[] = [];
      digit.lastIndex = 0;
      for (let match = digit.exec(text); match !== null; match = digit.exec(text)) {
        const at = match.index;
        let start = at;
        while (start > 0 && at - start <= MAX_LENGTH && classOf(text.charCodeAt(start - 1)) !== 0) start -= 1;
        if (at - start <= MAX_LENGTH) {
          if (beginsFreely(text, start)) pieces(text, start, false, found);
          // Letters that stand alone before the number may belong to it: "AB 12 34 56 C", "M-AB 123".
          let first = letterGroupBefore(text, start);
          for (let n = 0; n < 2 && first >= 0; n += 1) {
            if (beginsFreely(text, first)) pieces(text, first, false, found);
            first = letterGroupBefore(text, first);
          }
        }
        if (at > start && classOf(text.charCodeAt(at - 1)) === 3) pieces(text, at, true, found);
        for (const rule of phones) findLocalPhones(rule, text, at, found);
        let end = at + 1;
        while (end < text.length && classOf(text.charCodeAt(end)) !== 0) end += 1;
        digit.lastIndex = end;
      }
      return found;
    },
  };
}

/** Adds a finding; of two rules of one type for the same span the surer one stays. */
function addBest(found: Finding[], finding: Finding): void {
  for (let i = found.length - 1; i >= 0 && found[i]!.start === finding.start; i -= 1) {
    const other = found[i]!;
    if (other.type !== finding.type || other.end !== finding.end) continue;
    if (finding.score > other.score) found[i] = finding;
    return;
  }
  found.push(finding);
}

/** 0 no part of a group, 1 digit, 2 capital, 3 small letter. */
function classOf(code: number): number {
  if (code >= 48 && code < 58) return 1;
  if (code >= 65 && code < 91) return 2;
  if (code >= 97 && code < 123) return 3;
  if (code === 0xc4 || code === 0xd6 || code === 0xdc) return 2;
  return code === 0xe4 || code === 0xf6 || code === 0xfc ? 3 : 0;
}

/** Space, hyphen, full stop, slash, colon, plus. */
function isSeparator(code: number): boolean {
  return code === 32 || code === 45 || code === 46 || code === 47 || code === 58 || code === 43;
}

/** Start of the group of one to three letters that stands one space or hyphen before `start`; -1 when there is none. */
function letterGroupBefore(text: string, start: number): number {
  const separator = start > 1 ? text.charCodeAt(start - 1) : 0;
  if (separator !== 32 && separator !== 45) return -1;
  let first = start - 1;
  while (first > 0 && start - first <= 4 && classOf(text.charCodeAt(first - 1)) >= 2) first -= 1;
  return first < start - 1 && start - first <= 4 ? first : -1;
}

/** Nothing that continues a number or word stands before `start`. */
function beginsFreely(text: string, start: number): boolean {
  if (start === 0) return true;
  const before = text.charCodeAt(start - 1);
  if (isWordCode(before)) return false;
  if (before === 46 || before === 45 || before === 47 || before === 44 || before === 43)
    return start < 2 || classOf(text.charCodeAt(start - 2)) === 0;
  return true;
}

/** Nothing that continues a number or word stands at `end`. */
function endsFreely(text: string, end: number): boolean {
  if (end >= text.length) return true;
  const after = text.charCodeAt(end);
  if (isWordCode(after)) return false;
  if (after === 45 || after === 47 || after === 43)
    return end + 1 >= text.length || classOf(text.charCodeAt(end + 1)) === 0;
  if (after === 46 || after === 44 || after === 58)
    return end + 1 >= text.length || classOf(text.charCodeAt(end + 1)) !== 1;
  return true;
}

function isWordCode(code: number): boolean {
  return classOf(code) !== 0 || code === 95 || (code >= 0xc0 && code < 0x2000);
}

function toFinding(rule: NationalRule, text: string, start: number, end: number): Finding {
  const window = text.slice(Math.max(0, start - BEFORE), Math.min(text.length, end + AFTER)).toLowerCase();
  const word = rule.context.find((one) => window.includes(one));
  const isWhole =
    start <= 8 && text.length - end <= 8 && isBlank(text, 0, start) && isBlank(text, end, text.length);
  let score = rule.bare;
  if (word !== undefined) score = Math.max(score, rule.near ?? NEAR_SCORE);
  else if (isWhole) score = Math.max(score, rule.whole ?? WHOLE_SCORE);
  return {
    type: rule.type,
    start,
    end,
    score,
    source: SOURCE,
    evidence: word === undefined ? [rule.evidence] : [rule.evidence, "context"],
  };
}

function isBlank(text: string, from: number, to: number): boolean {
  return text.slice(from, to).trim() === "";
}

function compileForms(forms: readonly string[]): RegExp {
  const alternatives = forms.map((form) =>
    form.replace(/[.+/\\-]/g, "\\$&").replace(/[9AaXx]/g, (sign) => FORM_CLASSES[sign] ?? sign),
  );
  return new RegExp(`^(?:${alternatives.join("|")})$`);
}

/** What each sign of a form stands for in a piece whose digits are written 9, capitals A and small letters a. */
const FORM_CLASSES: Readonly<Record<string, string>> = { 9: "9", A: "A", a: "[Aa]", X: "[9A]", x: "[9Aa]" };
