/** Detectors that ask something outside this process: a service, a model runtime, a language model. */
import type { EntityType } from "#contract";
import { resolveOverlaps } from "./pii/resolve.ts";
import type { Finding, Guard } from "./types.ts";

/** A recogniser that answers later. Rejects with `RMP_BACKEND_UNAVAILABLE`; aborting the signal ends its work. */
export interface RemoteRecogniser {
  readonly name: string;
  readonly types: readonly EntityType[];
  /** Candidates with their score; offsets are UTF-16 code units into the text. */
  find(text: string, signal?: AbortSignal): Promise<Finding[]>;
}

/** A text classifier that answers later. */
export interface RemoteClassifier {
  readonly name: string;
  /** Probability of the class it was made for, in [0, 1]. */
  classify(text: string, signal?: AbortSignal): Promise<number>;
}

/** Findings of a guard and of remote recognisers together. */
export interface CombinedInspection {
  readonly findings: readonly Finding[];
  /** Names of recognisers that failed and were not counted. */
  readonly failed: readonly string[];
}

/**
 * Inspects a text with a guard and remote recognisers side by side. The guard's policy decides which types count and
 * from which score on; overlaps are resolved over all findings by the guard's rule. A recogniser that fails is named.
 */
export async function inspectWithRemotes(
  guard: Guard,
  remotes: readonly RemoteRecogniser[],
  text: string,
  signal?: AbortSignal,
): Promise<CombinedInspection> {
  const settled = await Promise.allSettled(remotes.map((remote) => remote.find(text, signal)));
  const failed: string[] = [];
  const found = [...guard.inspect(text)];
  for (const [index, outcome] of settled.entries()) {
    if (outcome.status === "rejected") failed.push(remotes[index]?.name ?? "");
    else found.push(...outcome.value.filter((finding) => isWanted(guard, finding, text.length)));
  }
  return { findings: resolveOverlaps(found), failed };
}

function isWanted(guard: Guard, finding: Finding, length: number): boolean {
  const rule = guard.policy.entities[finding.type];
  const inside = finding.start >= 0 && finding.start < finding.end && finding.end <= length;
  return rule !== undefined && inside && finding.score >= rule.threshold;
}
