/** What the lists can point at and explain: degrading names, generalisations, stereotyped roles, terms with a better wording. */

import { ROLE } from "./lexicon.ts";
import type { BiasHit, BiasReading } from "./reading.ts";
import { BIAS_KINDS, type BiasIndicator, type BiasKind } from "./types.ts";

/** Tokens between a group and what is said of it. */
const REACH = 8;
/** Tokens that a reporting word ("a stereotype that …") reaches forward. */
const REPORT_REACH = 10;
/** Most indicators of one text. */
const MAX_INDICATORS = 64;

/** The indicators of a reading, in order of place; linear. */
export function indicatorsOf(reading: BiasReading): BiasIndicator[] {
  const found: BiasIndicator[] = [];
  const { hits } = reading;
  for (let at = 0; at < hits.length && found.length < MAX_INDICATORS; at++) {
    const hit = hits[at]!;
    const { word } = hit;
    const reported = isReported(hits, at);
    const negated = isNegated(hits, at);
    if ((word.roles & ROLE.slur) !== 0) found.push(slur(reading, hit, reported));
    else if (word.alternative !== undefined) found.push(wording(reading, hit));
    if ((word.roles & ROLE.negative) !== 0) {
      const group = groupBefore(hits, at);
      if (group !== undefined) found.push(generalisation(reading, group, hit, reported, negated));
    }
    const role = stereotypedRole(reading, at);
    if (role !== undefined) found.push(role);
  }
  return found.sort((a, b) => a.start - b.start || a.end - b.end);
}

function slur(reading: BiasReading, hit: BiasHit, reported: boolean): BiasIndicator {
  const kind = kindOf(hit.word.kind);
  return {
    ...span(reading, hit, hit),
    kind,
    rule: "slur",
    severity: reported ? "medium" : "high",
    confidence: reported ? 0.5 : 0.8,
    explanation: `a degrading name (${kind})${reported ? ", probably quoted" : ""}`,
    ...alternative(hit),
  };
}

function wording(reading: BiasReading, hit: BiasHit): BiasIndicator {
  const kind = kindOf(hit.word.alternativeKind);
  return {
    ...span(reading, hit, hit),
    kind,
    rule: "non_inclusive_term",
    severity: "low",
    confidence: 0.4,
    explanation: `a term with a more inclusive wording (${kind})`,
    ...alternative(hit),
  };
}

function generalisation(
  reading: BiasReading,
  group: BiasHit,
  hit: BiasHit,
  reported: boolean,
  negated: boolean,
): BiasIndicator {
  const kind = kindOf(group.word.kind);
  const softened = reported || negated;
  return {
    ...span(reading, group, hit),
    kind,
    rule: "degrading_generalisation",
    severity: softened ? "low" : "high",
    confidence: softened ? 0.3 : 0.7,
    explanation: `a group (${kind}) is given a degrading attribute${negated ? ", under a negation" : reported ? ", probably as somebody else's words" : ""}`,
  };
}

/** A role that is often given one gender, with a pronoun or noun of that gender or a stereotyped trait beside it. */
function stereotypedRole(reading: BiasReading, at: number): BiasIndicator | undefined {
  const { hits, tokens } = reading;
  const role = hits[at]!;
  const isFemale = (role.word.roles & ROLE.femaleRole) !== 0;
  if (!isFemale && (role.word.roles & ROLE.maleRole) === 0) return undefined;
  const sentence = tokens.sentence[role.from]!;
  let gendered: BiasHit | undefined;
  let trait: BiasHit | undefined;
  for (let other = Math.max(0, at - 12); other < Math.min(hits.length, at + 24); other++) {
    const hit = hits[other]!;
    if (Math.abs(tokens.sentence[hit.from]! - sentence) > 1) continue;
    if ((hit.word.roles & (isFemale ? ROLE.female : ROLE.male)) !== 0) gendered ??= hit;
    if ((hit.word.roles & ROLE.trait) !== 0) trait ??= hit;
  }
  if (gendered === undefined) return undefined;
  const strong = trait !== undefined;
  return {
    ...span(reading, role, role),
    kind: "gender",
    rule: "stereotyped_role",
    severity: strong ? "medium" : "low",
    confidence: strong ? 0.6 : 0.3,
    explanation: strong
      ? "a role often given one gender is described with that gender and a stereotyped trait"
      : "a role often given one gender is mentioned with that gender",
    suggestedAlternative: isFemale ? "they / their, and traits that the task needs" : "they / their",
  };
}

function groupBefore(hits: readonly BiasHit[], at: number): BiasHit | undefined {
  const here = hits[at]!.from;
  let being = false;
  for (let other = at - 1; other >= 0; other--) {
    const hit = hits[other]!;
    if (here - hit.from > REACH) return undefined;
    if ((hit.word.roles & ROLE.being) !== 0) being = true;
    if ((hit.word.roles & ROLE.group) !== 0 && hit.word.kind >= 0) return being ? hit : undefined;
  }
  return undefined;
}

function isReported(hits: readonly BiasHit[], at: number): boolean {
  const here = hits[at]!.from;
  for (let other = at - 1; other >= 0 && here - hits[other]!.from <= REPORT_REACH; other--)
    if ((hits[other]!.word.roles & ROLE.report) !== 0) return true;
  return false;
}

function isNegated(hits: readonly BiasHit[], at: number): boolean {
  const here = hits[at]!.from;
  for (let other = at - 1; other >= 0 && here - hits[other]!.from <= REACH; other--)
    if ((hits[other]!.word.roles & ROLE.negation) !== 0) return true;
  return false;
}

function span(reading: BiasReading, first: BiasHit, last: BiasHit): { start: number; end: number } {
  const { tokens } = reading;
  return { start: tokens.start[first.from]!, end: tokens.end[last.to - 1]! };
}

function alternative(hit: BiasHit): { suggestedAlternative?: string } {
  return hit.word.alternative === undefined ? {} : { suggestedAlternative: hit.word.alternative };
}

function kindOf(index: number): BiasKind {
  return BIAS_KINDS[index] ?? "gender";
}
