import type { ErrorCode } from "#shared";
import type { MetricsSnapshot } from "../metrics/snapshot.ts";
import type { SharedEvent } from "../monitor/shared-event.ts";
import type { Collected } from "./fleet.ts";
import type { ReloadFigures } from "./fleet-figures.ts";

/** What a serving process tells the primary. */
export type ToPrimary =
  /** It listens to messages: what is sent before may be lost. */
  | { readonly kind: "listening" }
  | { readonly kind: "serving"; readonly url: string }
  | {
      readonly kind: "failed";
      readonly code: ErrorCode;
      readonly message: string;
      readonly field: string | undefined;
    }
  /** Once a second, for scaling. */
  | { readonly kind: "load"; readonly cpuPercent: number; readonly eventLoopDelayMs: number }
  /** Answer to `tell-figures`; `id` null: the last ones before the process ends. */
  | { readonly kind: "figures"; readonly id: number | null; readonly snapshot: MetricsSnapshot }
  | { readonly kind: "collect"; readonly id: number }
  | { readonly kind: "reload"; readonly id: number }
  /** Whether somebody watches the live monitor at this process. */
  | { readonly kind: "watching"; readonly isWatching: boolean }
  | { readonly kind: "events"; readonly events: readonly SharedEvent[] };

/** What the primary tells a serving process. */
export type ToWorker<Launch> =
  | { readonly kind: "serve"; readonly launch: Launch; readonly instance: string }
  | { readonly kind: "tell-figures"; readonly id: number }
  | { readonly kind: "collected"; readonly id: number; readonly collected: Collected }
  | { readonly kind: "reloaded"; readonly id: number; readonly figures: ReloadFigures }
  /** Whether somebody watches the live monitor at another process. */
  | { readonly kind: "watched"; readonly isWatched: boolean }
  | { readonly kind: "events"; readonly events: readonly SharedEvent[] }
  | { readonly kind: "drain" };
