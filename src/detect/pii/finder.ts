/** From a text to findings: recognisers, lists, thresholds and overlaps under one policy. */
import type { EntityType } from "#contract";
import type { Finding, GuardModels, Policy, Recogniser } from "../types.ts";
import { compilePatterns } from "./custom-patterns.ts";
import { createAllowList, createDenyList } from "./lists.ts";
import { type NormalisedText, normalise } from "./normalise.ts";
import { resolveOverlaps } from "./resolve.ts";
import { createStructuredRecogniser } from "./structured.ts";

/** Finds what a policy looks for. */
export interface Finder {
  inspect(text: string): Finding[];
  candidates(text: string): Finding[];
  /** Every type that any recogniser can find, whether the policy names it or not, sorted. Loads the models. */
  entityTypes(): readonly EntityType[];
}

/**
 * Makes a finder; models are loaded at the first text.
 * @throws RMP_DETECT_PATTERN_INVALID when a pattern of the policy is not RE2 syntax
 */
export function createFinder(policy: Policy, models: GuardModels, extra: readonly Recogniser[]): Finder {
  const isAllowed = createAllowList(policy.allow);
  const structured = createStructuredRecogniser();
  const own: readonly Recogniser[] = [
    ...createDenyList(policy.deny),
    ...compilePatterns(policy.patterns),
    ...extra,
  ];
  const keepsLinks = policy.entities["URL"]?.operator === "keep";
  let recognisers: readonly Recogniser[] | undefined;

  function loaded(): readonly Recogniser[] {
    recognisers ??= [
      ...own,
      ...[models.names, models.address, models.national].flatMap((load) => {
        const recogniser = load?.(Object.keys(policy.entities));
        return recogniser !== undefined && isWanted(recogniser, policy) ? [recogniser] : [];
      }),
    ];
    return recognisers;
  }

  function candidates(text: string): Finding[] {
    const found = structured.findUnlessDisguised(text);
    const normalised = found === undefined ? normalise(text) : undefined;
    if (normalised === undefined) {
      const all = found ?? structured.find(text);
      for (const recogniser of loaded()) for (const finding of recogniser.find(text)) all.push(finding);
      return all;
    }
    const all: Finding[] = [];
    for (const recogniser of [structured, ...loaded()]) {
      for (const finding of recogniser.find(normalised.text)) all.push(toOriginal(finding, normalised));
    }
    return all;
  }

  return {
    candidates,
    entityTypes() {
      const shipped = [models.names, models.address, models.national].flatMap((load) => load?.() ?? []);
      return [...new Set([structured, ...own, ...shipped].flatMap(({ types }) => types))].sort();
    },
    inspect(text) {
      const all = candidates(text);
      let count = 0;
      let hasLink = false;
      for (const finding of all) {
        const rule = policy.entities[finding.type];
        if (rule === undefined || finding.score < rule.threshold) continue;
        if (isAllowed?.(text.slice(finding.start, finding.end)) === true) continue;
        if (isLink(finding)) hasLink = true;
        all[count++] = finding;
      }
      all.length = count;
      return resolveOverlaps(hasLink && keepsLinks ? withoutKeptLinks(all, policy) : all);
    },
  };
}

/** A URL that stays in the text must not cover a value in it that has to go: then the value is the finding. */
function withoutKeptLinks(found: readonly Finding[], policy: Policy): readonly Finding[] {
  const starts = found
    .filter((finding) => !isLink(finding) && policy.entities[finding.type]?.operator !== "keep")
    .map((finding) => finding.start)
    .sort((a, b) => a - b);
  return found.filter((finding) => !isLink(finding) || !holdsStart(starts, finding));
}

function isLink(finding: Finding): boolean {
  return finding.type === "URL";
}

/** Whether a start lies inside of the finding; by bisection. */
function holdsStart(starts: readonly number[], { start, end }: Finding): boolean {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! < start) low = middle + 1;
    else high = middle;
  }
  return low < starts.length && starts[low]! < end;
}

function isWanted(recogniser: Recogniser, policy: Policy): boolean {
  return recogniser.types.some((type) => policy.entities[type] !== undefined);
}

function toOriginal(finding: Finding, normalised: NormalisedText): Finding {
  return {
    ...finding,
    start: normalised.toOriginal(finding.start),
    end: normalised.toOriginal(finding.end - 1, true),
    evidence: [...finding.evidence, "normalised"],
  };
}
