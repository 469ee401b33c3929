import type { Exchange } from "../exchange.ts";
import type { BoundKind } from "./bounds.ts";
import { leadingStanding, type Permit } from "./permit.ts";

/** Names of limits in `x-ratelimit-resource` and in messages. */
const NAMES: Readonly<Record<BoundKind, string>> = {
  requestsPerMinute: "requests-per-minute",
  requestsPerHour: "requests-per-hour",
  tokensPerMinute: "tokens-per-minute",
  concurrency: "concurrent-requests",
};

/** What a limit is called where clients read it. */
export function boundName(kind: BoundKind): string {
  return NAMES[kind];
}

/**
 * `x-ratelimit-*` of the limit that a client should know of: `reset` is the time until one more request is admitted, whole
 * seconds rounded up, 0 when one would be admitted now.
 */
export function addLimitHeaders(headers: string[], permit: Permit): void {
  const standing = leadingStanding(permit.verdict);
  if (standing === null) return;
  const { kind, limit, used, waitMs } = standing;
  headers.push(
    "x-ratelimit-limit",
    String(limit),
    "x-ratelimit-remaining",
    String(Math.max(0, Math.floor(limit - used))),
    "x-ratelimit-reset",
    String(Math.ceil(waitMs / 1_000)),
    "x-ratelimit-resource",
    NAMES[kind],
  );
}

/** `;limits=local` or `;limits=open` in `x-rampart-fail-mode` while Redis cannot be asked; empty otherwise. */
export function limitFailMode({ permit }: Exchange): string {
  return permit !== null && (permit.mode === "local" || permit.mode === "open")
    ? `;limits=${permit.mode}`
    : "";
}
