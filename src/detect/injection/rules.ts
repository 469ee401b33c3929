import type { InjectionType } from "../types.ts";
import { type ConceptHits, conceptMask } from "./lexicon.ts";

/** One rule: concepts that must stand near each other. */
export interface InjectionRule {
  readonly name: string;
  readonly type: InjectionType;
  /** Belief that a match is an attack when nothing else is known, (0, 1). */
  readonly score: number;
  /** The wording alone is an attack: the model may raise the score of such a text, not lower it below the threshold. */
  readonly certain?: true;
  /** Concepts, each of which must occur; the match starts with any of them. */
  readonly needs: readonly string[];
  /** Of these at least one must occur as well. */
  readonly anyOf?: readonly string[];
  /** Folded units between the start of the first and the start of the last concept, at most. */
  readonly window: number;
}

/** One match of a rule, positions in the folded text. */
export interface RuleMatch {
  readonly rule: number;
  readonly start: number;
  readonly end: number;
}

/**
 * The rules, own collection after the attack classes of OWASP LLM01:2025, Perez and Ribeiro (2022), Greshake et al.
 * (2023) and CyberSecEval 2. The order is part of the model file (each rule is a feature), so new ones go to the end.
 */
export const RULES: readonly InjectionRule[] = [
  {
    name: "ignore-previous-instructions",
    type: "override",
    certain: true,
    score: 0.93,
    needs: ["ignore", "prior", "instructions"],
    window: 70,
  },
  {
    name: "ignore-all-instructions",
    type: "override",
    score: 0.75,
    needs: ["ignore", "everything", "instructions"],
    window: 45,
  },
  {
    name: "ignore-your-instructions",
    type: "override",
    score: 0.7,
    needs: ["ignore", "you", "instructions"],
    window: 45,
  },
  {
    name: "forget-everything-before",
    type: "override",
    score: 0.85,
    needs: ["ignore", "everything", "prior"],
    window: 60,
  },
  {
    name: "ignore-prompt",
    type: "override",
    certain: true,
    score: 0.8,
    needs: ["ignore", "prompt"],
    window: 50,
  },
  {
    name: "ignore-then-new-task",
    type: "override",
    score: 0.8,
    needs: ["ignore", "prior", "newtask"],
    window: 130,
  },
  {
    name: "ignore-then-say",
    type: "override",
    certain: true,
    score: 0.85,
    needs: ["ignore", "prior", "force"],
    window: 110,
  },
  {
    name: "ignore-then-reveal-secret",
    type: "override",
    certain: true,
    score: 0.85,
    needs: ["ignore", "reveal", "secret"],
    window: 140,
  },
  { name: "become-unrestricted", type: "role_play", score: 0.75, needs: ["become", "persona"], window: 160 },
  {
    name: "become-unrestricted-model",
    type: "role_play",
    score: 0.9,
    needs: ["become", "persona", "model"],
    window: 260,
  },
  {
    name: "persona-never-refuses",
    type: "role_play",
    score: 0.75,
    needs: ["persona", "refusal"],
    window: 200,
  },
  { name: "become-never-refuses", type: "role_play", score: 0.6, needs: ["become", "refusal"], window: 200 },
  {
    name: "persona-ignores-rules",
    type: "role_play",
    score: 0.75,
    needs: ["persona", "instructions", "model"],
    window: 200,
  },
  { name: "reveal-prompt", type: "prompt_leak", score: 0.8, needs: ["reveal", "prompt"], window: 60 },
  { name: "repeat-above", type: "prompt_leak", score: 0.75, needs: ["repeat_above"], window: 1 },
  {
    name: "leak-instructions",
    type: "prompt_leak",
    score: 0.6,
    needs: ["reveal", "you", "prior", "instructions"],
    window: 80,
  },
  {
    name: "reveal-secret",
    type: "exfiltration",
    score: 0.62,
    needs: ["reveal", "secret"],
    anyOf: ["you", "user"],
    window: 90,
  },
  { name: "send-secret-away", type: "exfiltration", score: 0.7, needs: ["secret", "exfil"], window: 130 },
  {
    name: "send-conversation-away",
    type: "exfiltration",
    score: 0.65,
    needs: ["exfil", "prompt"],
    window: 130,
  },
  { name: "delimiter-token", type: "delimiter", score: 0.55, needs: ["delimiter"], window: 1 },
  {
    name: "delimiter-with-order",
    type: "delimiter",
    certain: true,
    score: 0.9,
    needs: ["delimiter"],
    anyOf: ["ignore", "persona", "secret", "hidden", "refusal"],
    window: 200,
  },
  {
    name: "fake-role-line",
    type: "delimiter",
    score: 0.75,
    needs: ["roleline"],
    anyOf: ["ignore", "persona", "secret", "prompt"],
    window: 110,
  },
  {
    name: "privileged-mode",
    type: "delimiter",
    score: 0.75,
    needs: ["roleline", "privilege"],
    window: 110,
  },
  { name: "note-to-model", type: "indirect", score: 0.55, needs: ["hidden"], window: 1 },
  {
    name: "note-to-model-order",
    type: "indirect",
    score: 0.8,
    needs: ["hidden"],
    anyOf: ["ignore", "force", "exfil", "prompt", "response"],
    window: 200,
  },
  { name: "change-the-answer", type: "indirect", score: 0.4, needs: ["tamper", "response"], window: 90 },
  { name: "plant-foreign-code", type: "indirect", score: 0.5, needs: ["codeplant", "response"], window: 120 },
  {
    name: "plant-harmful-code",
    type: "indirect",
    score: 0.6,
    needs: ["codeplant", "tamper", "badcode"],
    window: 260,
  },
  {
    name: "send-data-from-code",
    type: "exfiltration",
    score: 0.4,
    needs: ["badcode", "secret"],
    window: 200,
  },
  { name: "story-for-secret", type: "exfiltration", score: 0.6, needs: ["fiction", "secret"], window: 220 },
  { name: "imagined-secret", type: "exfiltration", score: 0.55, needs: ["become", "secret"], window: 200 },
  {
    name: "authority-for-secret",
    type: "exfiltration",
    score: 0.5,
    needs: ["fiction", "reveal", "secret"],
    window: 220,
  },
  { name: "smuggled-secret", type: "encoding", score: 0.6, needs: ["smuggle", "secret"], window: 130 },
  { name: "smuggled-prompt", type: "encoding", score: 0.65, needs: ["smuggle", "prompt"], window: 130 },
  {
    name: "forced-answer-after-ignore",
    type: "override",
    score: 0.8,
    needs: ["ignore", "force", "instructions"],
    window: 140,
  },
  {
    name: "act-without-model-rules",
    type: "role_play",
    score: 0.75,
    needs: ["become", "ignore"],
    anyOf: ["instructions", "prior"],
    window: 200,
  },
  {
    name: "lift-restrictions",
    type: "override",
    score: 0.6,
    needs: ["privilege", "instructions"],
    anyOf: ["you", "everything", "model", "become"],
    window: 110,
  },
];

const NEEDS: Int32Array = Int32Array.from(RULES, (rule) => conceptMask(...rule.needs));
const ANY_OF: Int32Array = Int32Array.from(RULES, (rule) => conceptMask(...(rule.anyOf ?? [])));
const WINDOWS: Int32Array = Int32Array.from(RULES, (rule) => rule.window);
const LONGEST_WINDOW = Math.max(...WINDOWS);
/** Rules by the concept that may come last, so that a new hit only checks rules it can complete. */
const COMPLETED_BY: readonly Int32Array[] = Array.from({ length: 32 }, (_, bit) =>
  Int32Array.from(
    RULES.map((_rule, index) => index).filter(
      (index) => ((NEEDS[index]! | ANY_OF[index]!) & (1 << bit)) !== 0,
    ),
  ),
);
/** Inside the level "medium": above the threshold, below anything the model is sure of. */
const CERTAIN_SCORE = 0.6;
const NO_MATCHES: readonly RuleMatch[] = [];
/** Starts looked back to for one hit; bounds the work on a text that is nothing but trigger words. */
const MAX_LOOK_BACK = 24;

/**
 * Finds which rules match where: for every hit the masks of the hits before it within the window are joined, nearest
 * first, and each rule is reported once per text, at its tightest match. O(hits * look-back).
 */
export function matchRules(hits: ConceptHits): readonly RuleMatch[] {
  const found: (RuleMatch | undefined)[] = [];
  let any = false;
  for (let last = 0; last < hits.count; last++) {
    const lastMask = hits.masks[last]!;
    const lastStart = hits.starts[last]!;
    const lowest = Math.max(0, last - MAX_LOOK_BACK);
    let mask = 0;
    for (let first = last; first >= lowest; first--) {
      const distance = lastStart - hits.starts[first]!;
      if (distance > LONGEST_WINDOW) break;
      const added = hits.masks[first]! & ~mask;
      if (added === 0) continue;
      mask |= added;
      for (let rest = first === last ? mask : added; rest !== 0; rest &= rest - 1) {
        for (const rule of COMPLETED_BY[31 - Math.clz32(rest & -rest)]!) {
          const needs = NEEDS[rule]!;
          if ((mask & needs) !== needs || distance > WINDOWS[rule]!) continue;
          const anyOf = ANY_OF[rule]!;
          if (anyOf !== 0 && (mask & anyOf) === 0) continue;
          // The last hit has to matter, else the match was complete before it.
          if ((lastMask & (needs | anyOf)) === 0) continue;
          const start = hits.starts[first]!;
          const end = hits.ends[last]!;
          const before = found[rule];
          if (before && before.end - before.start <= end - start) continue;
          found[rule] = { rule, start, end };
          any = true;
        }
      }
    }
  }
  if (!any) return NO_MATCHES;
  return found.filter((match) => match !== undefined);
}

/** Score that a text with a {@link InjectionRule.certain} match has at least, (0, 1); 0 without one. */
export function certainScore(matches: readonly RuleMatch[]): number {
  return matches.some((match) => RULES[match.rule]!.certain) ? CERTAIN_SCORE : 0;
}

/** Belief of the rules alone: independent evidence joined (1 - product of the doubts), the strongest rule of each type. */
export function scoreByRules(matches: readonly RuleMatch[]): number {
  if (matches.length === 0) return 0;
  const strongest = new Map<InjectionType, number>();
  for (const match of matches) {
    const rule = RULES[match.rule]!;
    strongest.set(rule.type, Math.max(strongest.get(rule.type) ?? 0, rule.score));
  }
  let doubt = 1;
  for (const score of strongest.values()) doubt *= 1 - score;
  return 1 - doubt;
}
