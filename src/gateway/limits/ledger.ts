import { randomHex } from "#shared";
import { SlotList } from "../slot-list.ts";
import { LimitCounters } from "./figures.ts";
import { LocalCounts } from "./local-counts.ts";
import type { AccountState, Permit } from "./permit.ts";
import { WINDOWS, type Windows } from "./windows.ts";

/** What limits remember over a change of the configuration: what was used, who is under way, what was decided. */
export class LimitLedger {
  readonly windows: Windows;
  readonly counters = new LimitCounters();
  /** Admitted requests under a limit on concurrency. */
  readonly held = new SlotList<Permit>();
  private readonly accounts = new Map<string, AccountState>();
  private readonly process = randomHex(8);
  private leases = 0;

  constructor(windows: Windows = WINDOWS) {
    this.windows = windows;
  }

  /** What an account used. */
  stateOf(account: string): AccountState {
    let state = this.accounts.get(account);
    if (state === undefined) {
      state = { counts: new LocalCounts(this.windows), debt: 0 };
      this.accounts.set(account, state);
    }
    return state;
  }

  /** A name for a request's place, unique over all processes. */
  nextLease(): string {
    this.leases += 1;
    return `${this.process}-${this.leases.toString(36)}`;
  }
}
