import { type EpochClock, type RampartError, toRampartError } from "#shared";
import type { FleetFigures, ReloadFigures } from "./fleet-figures.ts";

/** What became of the changes of the configuration that were asked for. */
export class ReloadLog {
  private readonly epoch: EpochClock;
  private accepted = 0;
  private refused = 0;
  private last: ReloadFigures | null = null;

  constructor(epoch: EpochClock) {
    this.epoch = epoch;
  }

  /** Runs one change and keeps its outcome; a rejection of `change` is a refusal. */
  async record(change: () => Promise<void>): Promise<ReloadFigures> {
    let failure: RampartError | null = null;
    try {
      await change();
      this.accepted += 1;
    } catch (error) {
      failure = toRampartError(error);
      this.refused += 1;
    }
    const at = new Date(this.epoch()).toISOString();
    this.last =
      failure === null
        ? { result: "ok", at, reason: null }
        : { result: "refused", at, reason: `${failure.code}: ${failure.message}; ${failure.hint}` };
    return this.last;
  }

  figures(): Omit<FleetFigures, "workers" | "restarts"> {
    return {
      configurationVersion: 1 + this.accepted,
      reloadsAccepted: this.accepted,
      reloadsRefused: this.refused,
      lastReload: this.last,
    };
  }
}
