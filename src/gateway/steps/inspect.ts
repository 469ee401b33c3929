import type { InjectionResult } from "#detect";
import { RampartError, toRampartError } from "#shared";
import type { InspectedText } from "../cache/detection-cache.ts";
import type { Exchange, Outcome } from "../exchange.ts";
import type { Leaves } from "../leaves.ts";

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
    known = context.caches.detection?.inspectAll(exchange.guard, exchange.tenant, leaves.texts);
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
    guardFailed(exchange, "pii", context.config.guard.piiFailMode, error);
    // Half a replacement is none: the request goes on as it came, and nothing is restored.
    exchange.replaced = null;
    exchange.vault = null;
  }
  return known;
}

function judgeInjection(exchange: Exchange, leaves: Leaves, known: Known): void {
  const { guard } = exchange;
  const { config, caches } = exchange.context;
  try {
    let worst: InjectionResult | null = null;
    for (let i = 0; i < leaves.texts.length; i += 1) {
      const origin = leaves.origins[i];
      if (origin !== "user" && origin !== "tool") continue;
      const text = leaves.texts[i]!;
      const entry = known?.[i];
      const result =
        entry === undefined || caches.detection === null
          ? guard.detectInjection(text)
          : caches.detection.judge(guard, entry, text);
      if (worst === null || result.score > worst.score) worst = result;
    }
    exchange.injection = worst;
  } catch (error) {
    guardFailed(exchange, "injection", config.guard.injectionFailMode, error);
  }
}

/**
 * Counts a guard that failed; returns when its fail mode lets the request pass, which is then told.
 * @throws RMP_GUARD_FAILED
 */
export function guardFailed(
  exchange: Exchange,
  guard: string,
  mode: "closed" | "open",
  cause: unknown,
): void {
  exchange.context.metrics.countGuardFailure(guard);
  if (mode === "closed")
    throw new RampartError("RMP_GUARD_FAILED", `the ${guard} guard failed`, { cause: toRampartError(cause) });
  exchange.failedOpen ??= [];
  if (!exchange.failedOpen.includes(guard)) exchange.failedOpen.push(guard);
}

function textOf(result: { readonly text: string }): string {
  return result.text;
}

/** The vault of a request without a conversation. */
const REQUEST_ONLY = {};
