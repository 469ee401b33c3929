import type { Guard, InjectionResult } from "#detect";
import { RampartError, toRampartError } from "#shared";
import type { Leaves } from "../body/leaves.ts";
import type { InspectedText } from "../cache/detection-cache.ts";
import type { Exchange, Outcome } from "../exchange.ts";
import { lesserGuardOf } from "../lesser-guard.ts";

/** Step 5: looks at every leaf for personal data and at what users and tools said for prompt injection. */
export function inspect(exchange: Exchange): Outcome {
  const { leaves, context } = exchange;
  if (leaves === null) return "next";
  const startedMs = context.clock();
  const known = findPersonalData(exchange, leaves);
  if (exchange.guard.policy.injection.action !== "off") judgeInjection(exchange, leaves, known);
  exchange.guardMs += context.clock() - startedMs;
  return "next";
}

/** What is remembered about each leaf, parallel to the leaves; undefined where nothing is. */
type Known = readonly (InspectedText | undefined)[] | undefined;

function findPersonalData(exchange: Exchange, leaves: Leaves): Known {
  const { context } = exchange;
  let known: Known;
  try {
    const vault =
      exchange.sessionKey === null
        ? exchange.guard.createVault(REQUEST_ONLY)
        : context.sessions.vaultOf(exchange.tenant, exchange.sessionKey);
    known = inspectTexts(exchange, leaves.texts);
    const results = exchange.guard.anonymiseAll(leaves.texts, vault, known);
    exchange.vault = vault;
    let isChanged = false;
    for (let i = 0; i < results.length; i += 1) {
      const { findings, text } = results[i]!;
      for (const finding of findings) exchange.countFinding(finding.type);
      isChanged ||= text !== leaves.texts[i];
    }
    if (isChanged) exchange.replaced = results.map(textOf);
  } catch (error) {
    if (error instanceof RampartError && error.code === "RMP_GUARD_FAILED") throw error;
    // What failed here is not the finding but the replacing, for which nothing can stand in.
    guardFailed(exchange, "pii", context.config.guard.piiFailMode === "open" ? "open" : "closed", error);
    // Half a replacement is none: the request goes on as it came, and nothing is restored.
    exchange.replaced = null;
    exchange.vault = null;
  }
  return known;
}

/** What stands in each text, as far as it is known before the texts are rewritten together. */
function inspectTexts(exchange: Exchange, texts: readonly string[]): Known {
  const { guard, tenant, context } = exchange;
  const { piiFailMode, piiBudgetMs } = context.config.guard;
  const cache = context.caches.detection;
  if (piiBudgetMs === 0 && piiFailMode !== "degrade") return cache?.inspectAll(guard, tenant, texts);
  const known: InspectedText[] = [];
  const startedMs = context.clock();
  try {
    for (const text of texts) {
      known.push(
        cache?.inspectAll(guard, tenant, [text])[0] ?? { findings: guard.inspect(text), injection: null },
      );
      if (piiBudgetMs > 0 && context.clock() - startedMs > piiBudgetMs) throw OVER_BUDGET;
    }
  } catch (error) {
    const standIn = guardFailed(exchange, "pii", piiFailMode, error);
    for (const text of texts.slice(known.length))
      known.push({ findings: standIn === null ? [] : standIn.inspect(text), injection: null });
  }
  return known;
}

/** Reason of a failure that is none of the guard's code. */
const OVER_BUDGET = new RampartError("RMP_GUARD_FAILED", "the guard exceeded its time budget");

function judgeInjection(exchange: Exchange, leaves: Leaves, known: Known): void {
  const { guard } = exchange;
  const { config, caches, clock } = exchange.context;
  try {
    let worst: InjectionResult | null = null;
    const { injectionBudgetMs } = config.guard;
    const startedMs = injectionBudgetMs === 0 ? 0 : clock();
    for (let i = 0; i < leaves.texts.length; i += 1) {
      const origin = leaves.origins[i];
      if (origin !== "user" && origin !== "tool") continue;
      const text = leaves.texts[i]!;
      const entry = known?.[i];
      const result =
        entry === undefined || caches.detection === null
          ? guard.detectInjection(text)
          : caches.detection.judge(guard, entry, text);
      if (worst === null || result.score > worst.score) exchange.injection = worst = result;
      if (injectionBudgetMs > 0 && clock() - startedMs > injectionBudgetMs) throw OVER_BUDGET;
    }
  } catch (error) {
    guardFailed(exchange, "injection", config.guard.injectionFailMode, error);
  }
}

/**
 * Counts a guard that failed. When its fail mode lets the request go on, that is told in header, log, audit and monitor.
 * @returns the guard that stands in for it, null when nothing does
 * @throws RMP_GUARD_FAILED
 */
export function guardFailed(
  exchange: Exchange,
  guard: string,
  mode: "closed" | "open" | "degrade",
  cause: unknown,
): Guard | null {
  exchange.context.metrics.countGuardFailure(guard);
  if (mode === "closed")
    throw new RampartError("RMP_GUARD_FAILED", `the ${guard} guard failed`, { cause: toRampartError(cause) });
  if (mode === "degrade") {
    exchange.degraded ??= [];
    if (!exchange.degraded.includes(guard)) exchange.degraded.push(guard);
    return lesserGuardOf(exchange.guard);
  }
  exchange.failedOpen ??= [];
  if (!exchange.failedOpen.includes(guard)) exchange.failedOpen.push(guard);
  return null;
}

function textOf(result: { readonly text: string }): string {
  return result.text;
}

/** The vault of a request without a conversation. */
const REQUEST_ONLY = {};
