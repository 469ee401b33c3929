import type { GatewayConfig } from "#contract";
import { epochMs, monotonicMs } from "#shared";
import { createLog } from "../logs/log.ts";
import type { ReloadFigures } from "./fleet-figures.ts";
import { Primary } from "./primary.ts";

/** A gateway of several processes. */
export interface ProcessGroup {
  readonly url: string;
  /** Never rejects: a refusal is a result. */
  reload(): Promise<ReloadFigures>;
  /** Lets every process finish what it does and end. */
  stop(): Promise<void>;
}

/** What a group needs. `Launch` is what one process needs to serve: plain data. */
export interface ProcessGroupOptions<Launch> {
  readonly config: GatewayConfig;
  readonly launch: Launch;
  /** Reads and checks the configuration for a reload; throws when it cannot be used. */
  readonly readAgain: (now: Launch) => Launch;
}

/** Starts the processes; this one keeps them and serves nothing. Rejects with the error of the first that cannot serve. */
export async function startProcesses<Launch>(options: ProcessGroupOptions<Launch>): Promise<ProcessGroup> {
  const { config, launch, readAgain } = options;
  const clocks = { clock: monotonicMs, epoch: epochMs };
  const log = createLog({ config: config.logs, ...clocks });
  const primary = new Primary({
    config: config.processes,
    launch,
    readAgain,
    // A process takes the grace and then its own bound.
    drainTimeoutMs: config.drainGraceMs + config.drainTimeoutMs,
    ...clocks,
    onEvent: ({ event, processes, reason }) => {
      if (event === "reload") log.reopen();
      log.write(event === "scaled" ? "info" : "warn", `processes ${event}`, { processes, reason });
    },
  });
  await log.open();
  try {
    const url = await primary.start();
    log.write("info", "processes started", { processes: primary.size });
    return {
      url,
      reload: () => primary.reload(),
      async stop() {
        await primary.stop();
        await log.close();
      },
    };
  } catch (error) {
    await primary.stop();
    await log.close();
    throw error;
  }
}
