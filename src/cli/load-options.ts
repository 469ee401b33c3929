import type { PlanFlags } from "./load-plan.ts";
import type { ObservingFlags } from "./observing.ts";

/** Flags of `rampart load`. */
export interface LoadOptions extends PlanFlags, ObservingFlags {
  readonly locustfile?: string;
  readonly list?: boolean;
  readonly config?: string;
  readonly host?: string;
  readonly spawnRate?: number;
  readonly seed?: number;
  readonly tags?: string[];
  readonly excludeTags?: string[];
  readonly shape?: string;
  readonly stopTimeout?: number;
  readonly resetStats?: boolean;
  readonly equalWeights?: boolean;
  readonly set: Record<string, string>;
  readonly ca?: string;
  readonly showTaskRatio?: boolean;
  readonly showTaskRatioJson?: boolean;
  readonly threshold: string[];
  readonly targets: string[];
  readonly faults?: string;
  /** False with `--no-beside`. */
  readonly beside: boolean;
  readonly exitCodeOnError?: number;
  readonly headless?: boolean;
  readonly autostart?: boolean;
  readonly autoquit?: number;
  readonly webHost: string;
  readonly webPort: number;
  readonly processes?: number;
  readonly master?: boolean;
  readonly masterBindHost: string;
  readonly masterBindPort: number;
  readonly expectWorkers: number;
  readonly expectWorkersMaxWait: number;
  readonly worker?: boolean;
  readonly masterHost: string;
  readonly masterPort: number;
  readonly token?: string;
  readonly csv?: string;
  readonly html?: string;
  readonly json?: boolean;
  readonly jsonFile?: string;
  readonly resultJson?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly resultsDir: string;
  readonly reportsDir: string;
  readonly onlySummary?: boolean;
  readonly loglevel: string;
  readonly logfile?: string;
}
