import type { InjectionResult } from "#detect";
import { RampartError, toRampartError } from "#shared";
import type { Exchange, Outcome } from "../exchange.ts";
import type { Leaves } from "../leaves.ts";

/** Step 5: looks at every leaf for personal data and at what users and tools said for prompt injection. */
export function inspect(exchange: Exchange): Outcome {
  const { leaves, context } = exchange;
  if (leaves === null) return "next";
  const startedMs = context.clock();
  findPersonalData(exchange, leaves);
  if (exchange.guard.policy.injection.action !== "off") judgeInjection(exchange, leaves);
  exchange.guardMs += context.clock() - startedMs;
  return "next";
}

function findPersonalData(exchange: Exchange, leaves: Leaves): void {
  const { context } = exchange;
  try {
    const vault =
      exchange.sessionKey === null
        ? exchange.guard.createVault(REQUEST_ONLY)
        : context.sessions.vaultOf(exchange.tenant, exchange.sessionKey);
    const results = exchange.guard.anonymiseAll(leaves.texts, vault);
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
}

function judgeInjection(exchange: Exchange, leaves: Leaves): void {
  const { guard } = exchange;
  const { config } = exchange.context;
  try {
    let worst: InjectionResult | null = null;
    for (let i = 0; i < leaves.texts.length; i += 1) {
      const origin = leaves.origins[i];
      if (origin !== "user" && origin !== "tool") continue;
      const result = guard.detectInjection(leaves.texts[i]!);
      if (worst === null || result.score > worst.score) worst = result;
    }
    exchange.injection = worst;
  } catch (error) {
    guardFailed(exchange, "injection", config.guard.injectionFailMode, error);
  }
}

function guardFailed(exchange: Exchange, guard: string, mode: "closed" | "open", cause: unknown): void {
  exchange.context.metrics.countGuardFailure(guard);
  if (mode === "closed")
    throw new RampartError("RMP_GUARD_FAILED", `the ${guard} guard failed`, { cause: toRampartError(cause) });
  exchange.failedOpen ??= [];
  exchange.failedOpen.push(guard);
}

function textOf(result: { readonly text: string }): string {
  return result.text;
}

/** The vault of a request without a conversation. */
const REQUEST_ONLY = {};
