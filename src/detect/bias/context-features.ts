/** Counted features of a text: what is listed in it, and how the anchor is framed. */
import { hashWord, type Tokens } from "../grounding/tokens.ts";
import { ROLE } from "./lexicon.ts";
import type { BiasHit, BiasReading } from "./reading.ts";

/** The counted features in order. */
export const COUNTED = [
  "slurs",
  "profanities",
  "groups",
  "negatives",
  "reports",
  "generalisers",
  "negations",
  "assertions",
  "reportedAssertions",
  "negatedAssertions",
  "slursNearPerson",
  "questionMarks",
  "exclamations",
  "anchorAt",
  "saidAt",
  "wordsAfter",
  "anchorShare",
  "wordsBetween",
  "reportsBefore",
  "reportsCloseBefore",
  "reportsAfter",
  "negationsCloseBefore",
  "negationsBetween",
  "negationsAfter",
  "youBefore",
  "you",
  "firstPerson",
  "subordinatorsBefore",
  "allBefore",
  "beingBetween",
  "directlySaid",
  "stereotypeWords",
  "anchorKind",
  "anchorIsSlur",
  "saidRole",
  "sentences",
  "words",
  "thirdPerson",
  "groupsAfter",
  "negativesAfter",
  "anchorSentence",
] as const;

const YOU = wordSet("you your youre yall");
const FIRST = wordSet("i im my me ive");
const SUBORDINATORS = wordSet("if whether that because since");
const THIRD = wordSet("they he she him them");
const BEING = wordSet("are is arent isnt were was");
const ALL = wordSet("all most every these those");
const STEREOTYPE = wordSet(
  "stereotype stereotypes stereotypical racist racists racism bigot prejudice sexist antisemitic",
);

/**
 * Writes the counted features of a reading to `row` from index `offset` on; linear.
 * @param count tokens that are looked at
 */
export function writeCounted(
  text: string,
  reading: BiasReading,
  count: number,
  row: Float64Array,
  offset: number,
): void {
  const { hits, tokens, anchor } = reading;
  let at = offset;
  const put = (value: number): void => {
    row[at++] = value;
  };
  const tally = tallyOf(hits);
  put(tally.slurs);
  put(tally.profanities);
  put(tally.groups);
  put(tally.negatives);
  put(tally.reports);
  put(tally.generalisers);
  put(tally.negations);
  put(tally.assertions);
  put(tally.reported);
  put(tally.negated);
  put(tally.slursNearPerson);
  let questions = 0;
  let exclamations = 0;
  for (let index = 0; index < text.length && index < 4096; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 63) questions++;
    else if (unit === 33) exclamations++;
  }
  put(questions);
  put(exclamations);
  const group = anchor?.group;
  const said = anchor?.said;
  const start = group?.from ?? -1;
  const end = said?.to ?? group?.to ?? 0;
  const has = group !== undefined;
  const before = has ? start : 0;
  const close = Math.max(0, before - 3);
  put(start);
  put(said?.from ?? -1);
  put(has ? count - end : -1);
  put(has ? start / Math.max(1, count) : -1);
  put(group !== undefined && said !== undefined ? said.from - group.to : -1);
  put(roleCount(hits, 0, before, ROLE.report));
  put(roleCount(hits, close, before, ROLE.report));
  put(has ? roleCount(hits, end, count, ROLE.report) : 0);
  put(roleCount(hits, close, before, ROLE.negation));
  put(group === undefined ? 0 : roleCount(hits, group.to, end, ROLE.negation));
  put(has ? roleCount(hits, end, count, ROLE.negation) : 0);
  put(wordCount(tokens, 0, before, YOU));
  put(wordCount(tokens, 0, count, YOU));
  put(wordCount(tokens, 0, count, FIRST));
  put(wordCount(tokens, 0, before, SUBORDINATORS));
  put(wordCount(tokens, Math.max(0, before - 2), before, ALL));
  put(group === undefined || said === undefined ? -1 : wordCount(tokens, group.to, said.from, BEING));
  put(group === undefined || said === undefined ? -1 : said.from - group.to === 1 ? 1 : 0);
  put(wordCount(tokens, 0, count, STEREOTYPE));
  put(group?.word.kind ?? -1);
  put(group !== undefined && (group.word.roles & ROLE.slur) !== 0 ? 1 : 0);
  put(said === undefined ? 0 : saidRole(said));
  put(tokens.sentenceCount);
  put(count);
  put(wordCount(tokens, 0, count, THIRD));
  put(has ? roleCount(hits, end, count, ROLE.group) : 0);
  put(has ? roleCount(hits, end, count, ROLE.negative) : 0);
  put(has ? tokens.sentence[start]! : -1);
}

interface Tally {
  slurs: number;
  profanities: number;
  groups: number;
  negatives: number;
  reports: number;
  generalisers: number;
  negations: number;
  assertions: number;
  reported: number;
  negated: number;
  slursNearPerson: number;
}

function tallyOf(hits: readonly BiasHit[]): Tally {
  const tally: Tally = {
    slurs: 0,
    profanities: 0,
    groups: 0,
    negatives: 0,
    reports: 0,
    generalisers: 0,
    negations: 0,
    assertions: 0,
    reported: 0,
    negated: 0,
    slursNearPerson: 0,
  };
  let lastGroup = -99;
  let lastBeing = -99;
  let lastReport = -99;
  let lastNegation = -99;
  let lastPerson = -99;
  for (const hit of hits) {
    const { roles } = hit.word;
    const at = hit.from;
    if ((roles & ROLE.report) !== 0) {
      tally.reports++;
      lastReport = at;
    }
    if ((roles & ROLE.general) !== 0) tally.generalisers++;
    if ((roles & ROLE.negation) !== 0) {
      tally.negations++;
      lastNegation = at;
    }
    if ((roles & ROLE.being) !== 0) lastBeing = at;
    if ((roles & (ROLE.person | ROLE.female | ROLE.male)) !== 0) lastPerson = at;
    if ((roles & ROLE.slur) !== 0) {
      tally.slurs++;
      if (at - lastPerson < 4) tally.slursNearPerson++;
    }
    if ((roles & ROLE.profane) !== 0) tally.profanities++;
    if ((roles & ROLE.group) !== 0) {
      tally.groups++;
      lastGroup = at;
    }
    if ((roles & ROLE.negative) === 0) continue;
    tally.negatives++;
    if (at - lastGroup >= 8 || lastBeing <= lastGroup || at - lastBeing >= 5) continue;
    tally.assertions++;
    if (lastGroup - lastReport < 8) tally.reported++;
    if (lastNegation > lastGroup || lastGroup - lastNegation < 4) tally.negated++;
  }
  return tally;
}

function saidRole(said: BiasHit): number {
  const { roles } = said.word;
  if ((roles & ROLE.negative) !== 0) return 1;
  if ((roles & ROLE.femaleRole) !== 0) return 2;
  return (roles & ROLE.trait) !== 0 ? 3 : 4;
}

function roleCount(hits: readonly BiasHit[], from: number, to: number, role: number): number {
  let count = 0;
  for (const hit of hits) if (hit.from >= from && hit.from < to && (hit.word.roles & role) !== 0) count++;
  return count;
}

function wordCount(tokens: Tokens, from: number, to: number, words: ReadonlySet<number>): number {
  let count = 0;
  for (let index = from; index < to; index++) if (words.has(tokens.word[index]!)) count++;
  return count;
}

function wordSet(words: string): ReadonlySet<number> {
  return new Set(words.split(" ").map(hashWord));
}
