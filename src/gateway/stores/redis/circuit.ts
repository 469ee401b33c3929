/** `closed`: commands go out; `open`: they fail at once; `probing`: they fail at once while a PING is under way. */
export type CircuitState = "closed" | "open" | "probing";

/** Counts failures in a row and says whether asking is worth while. Time is driven from outside by {@link Circuit.probe}. */
export class Circuit {
  state: CircuitState = "closed";
  /** Failures since the last success. */
  failures = 0;
  /** How often the circuit has opened. */
  opened = 0;
  private readonly failuresToOpen: number;
  private readonly onOpen: () => void;

  /** @param onOpen called when it opens, and again after each probe that failed: arranges the next probe */
  constructor(failuresToOpen: number, onOpen: () => void) {
    this.failuresToOpen = failuresToOpen;
    this.onOpen = onOpen;
  }

  succeed(): void {
    // An answer that was sent for before the circuit opened says nothing about now: the probe decides.
    if (this.state === "closed") this.failures = 0;
  }

  fail(): void {
    if (this.state !== "closed") return;
    this.failures += 1;
    if (this.failures >= this.failuresToOpen) this.open();
  }

  /** The time has come to try again. */
  probe(): void {
    if (this.state === "open") this.state = "probing";
  }

  /** What the probe found. */
  settle(isAlive: boolean): void {
    if (this.state !== "probing") return;
    if (isAlive) {
      this.state = "closed";
      this.failures = 0;
    } else this.open();
  }

  private open(): void {
    if (this.state === "closed") this.opened += 1;
    this.state = "open";
    this.onOpen();
  }
}
