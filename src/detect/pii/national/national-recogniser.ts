/**
 * National identifiers in one pass: the text is searched for digits; groups of letters and digits around them are joined
 * over single separators, and only rules whose written form fits the joined piece look at it.
 */
import type { EntityType } from "#contract";
import type { Finding, Recogniser } from "../../types.ts";
import { nextDigit, unitsOf } from "../../units.ts";
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

  function rulesFor(hash: number, text: string, start: number, end: number): readonly CompiledRule[] {
    let rules = known.get(hash);
    if (rules === undefined) {
      const written = text
        .slice(start, end)
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
    const rules = rulesFor(hash, text, start, end);
    if (rules.length === 0) return;
    const raw = text.slice(start, end);
    const compact = raw.replace(/[^0-9A-Za-zÄÖÜäöü]/g, "").toUpperCase();
    let surroundings: Surroundings | undefined;
    for (const { rule } of rules) {
      if (touches && rule.mayTouchWord !== true) continue;
      if (rule.isValid !== undefined && !rule.isValid(compact, raw)) continue;
      surroundings ??= surroundingsOf(text, start, end);
      addBest(found, toFinding(rule, surroundings, start, end));
    }
  }

  function pieces(text: string, from: number, touches: boolean, found: Finding[]): void {
    const units = unitsOf(text);
    const { length } = text;
    let hash = FNV_BASIS;
    let hasDigit = false;
    let groups = 0;
    let i = from;
    const limit = Math.min(length, from + MAX_LENGTH + 1);
    while (i < limit) {
      const kind = classOf(units[i]!);
      if (kind === 0) return;
      if (kind === 1) hasDigit = true;
      hash = Math.imul(hash ^ kind, FNV_PRIME);
      i += 1;
      const separator = units[i]!;
      if (classOf(separator) !== 0) continue;
      groups += 1;
      if (hasDigit && i - from <= MAX_LENGTH && endsFreely(units, i))
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
      const units = unitsOf(text);
      const { length } = text;
      for (let at = nextDigit(units, 0, length); at < length; ) {
        let start = at;
        while (start > 0 && at - start <= MAX_LENGTH && classOf(units[start - 1]!) !== 0) start -= 1;
        if (at - start <= MAX_LENGTH) {
          if (beginsFreely(units, start)) pieces(text, start, false, found);
          // Letters that stand alone before the number may belong to it: "AB 12 34 56 C", "M-AB 123".
          let first = letterGroupBefore(units, start);
          for (let n = 0; n < 2 && first >= 0; n += 1) {
            if (beginsFreely(units, first)) pieces(text, first, false, found);
            first = letterGroupBefore(units, first);
          }
        }
        if (at > start && classOf(units[at - 1]!) === 3) pieces(text, at, true, found);
        for (const rule of phones) findLocalPhones(rule, text, at, found);
        let end = at + 1;
        while (end < length && classOf(units[end]!) !== 0) end += 1;
        at = nextDigit(units, end, length);
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
function classOf(unit: number): number {
  return unit < CLASSES.length ? CLASSES[unit]! : 0;
}

const CLASSES = buildClasses();

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(256);
  classes.fill(1, 48, 58);
  classes.fill(2, 65, 91);
  classes.fill(3, 97, 123);
  for (const letter of "ÄÖÜ") classes[letter.charCodeAt(0)] = 2;
  for (const letter of "äöü") classes[letter.charCodeAt(0)] = 3;
  return classes;
}

/** Space, hyphen, full stop, slash, colon, plus. */
function isSeparator(code: number): boolean {
  return code === 32 || code === 45 || code === 46 || code === 47 || code === 58 || code === 43;
}

/** Start of the group of one to three letters that stands one space or hyphen before `start`; -1 when there is none. */
function letterGroupBefore(units: Uint16Array, start: number): number {
  const separator = start > 1 ? units[start - 1]! : 0;
  if (separator !== 32 && separator !== 45) return -1;
  let first = start - 1;
  while (first > 0 && start - first <= 4 && classOf(units[first - 1]!) >= 2) first -= 1;
  return first < start - 1 && start - first <= 4 ? first : -1;
}

/** Nothing that continues a number or word stands before `start`. */
function beginsFreely(units: Uint16Array, start: number): boolean {
  if (start === 0) return true;
  const before = units[start - 1]!;
  if (isWordCode(before)) return false;
  if (before === 46 || before === 45 || before === 47 || before === 44 || before === 43)
    return start < 2 || classOf(units[start - 2]!) === 0;
  return true;
}

/** Nothing that continues a number or word stands at `end`; the zeros after a text continue nothing. */
function endsFreely(units: Uint16Array, end: number): boolean {
  const after = units[end]!;
  if (isWordCode(after)) return false;
  if (after === 45 || after === 47 || after === 43) return classOf(units[end + 1]!) === 0;
  if (after === 46 || after === 44 || after === 58) return classOf(units[end + 1]!) !== 1;
  return true;
}

function isWordCode(code: number): boolean {
  return classOf(code) !== 0 || code === 95 || (code >= 0xc0 && code < 0x2000);
}

/** What stands around a piece. */
interface Surroundings {
  /** Text around the piece in lower case. */
  readonly window: string;
  /** Whether the piece is the whole text but for white space. */
  readonly isWhole: boolean;
}

function surroundingsOf(text: string, start: number, end: number): Surroundings {
  return {
    window: text.slice(Math.max(0, start - BEFORE), Math.min(text.length, end + AFTER)).toLowerCase(),
    isWhole:
      start <= 8 && text.length - end <= 8 && isBlank(text, 0, start) && isBlank(text, end, text.length),
  };
}

function toFinding(
  rule: NationalRule,
  { window, isWhole }: Surroundings,
  start: number,
  end: number,
): Finding {
  const hasContext = rule.context.some((word) => window.includes(word));
  let score = rule.bare;
  if (hasContext) score = Math.max(score, rule.near ?? NEAR_SCORE);
  else if (isWhole) score = Math.max(score, rule.whole ?? WHOLE_SCORE);
  return {
    type: rule.type,
    start,
    end,
    score,
    source: SOURCE,
    evidence: hasContext ? [rule.evidence, "context"] : [rule.evidence],
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
