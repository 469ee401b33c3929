import type { BoundKind } from "./bounds.ts";

/** How one limit stands. */
export interface Standing {
  readonly limit: number;
  /** Counted now, this request included when it was admitted. */
  readonly used: number;
  /** Time until one more is admitted, ms; 0 when one would be admitted now. Unknown for concurrency: {@link CONCURRENCY_WAIT_MS}. */
  readonly waitMs: number;
}

/** How each configured limit stands. */
export type Standings = { readonly [K in BoundKind]?: Standing | undefined };

/** What a store decided about one request. */
export interface Verdict {
  readonly isAdmitted: boolean;
  /** The limit in the way; when several are, the one that takes longest. Null when admitted. */
  readonly refusedBy: BoundKind | null;
  /** How each configured limit stands. */
  readonly standings: Standings;
  /** Where reserved tokens were put: needed to give them back. */
  readonly tokenSlot: number;
  /** When the decision was taken on the store's clock, ms. */
  readonly atMs: number;
}

/** What is asked of a store for one request. */
export interface Demand {
  /** Unique over all processes. */
  readonly leaseId: string;
  /** Tokens to reserve; 0 for none. */
  readonly tokens: number;
}

/** Nobody knows when a request under way will end: clients are told to come back after this, ms. */
export const CONCURRENCY_WAIT_MS = 1_000;
