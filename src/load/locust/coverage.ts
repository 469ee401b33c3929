/** How much of the load that was asked for was there, second by second. */
import type { CoveragePoint } from "#contract";

/** Share of the asked user-seconds below which a run says nothing about the target. */
const COVERAGE_LIMIT = 0.9;

/** Gathers what workers report of each second; a second that a worker never reported counts without it. */
export class CoverageLog {
  readonly #asked: number[] = [];
  readonly #users: number[] = [];
  readonly #workers: number[] = [];

  /** Users asked for at the end of a second. */
  ask(tSec: number, users: number): void {
    this.#asked[tSec] = users;
  }

  /** A worker ran so many users in a second; to be told once for each worker and second. */
  deliver(tSec: number, users: number): void {
    this.#users[tSec] = (this.#users[tSec] ?? 0) + users;
    this.#workers[tSec] = (this.#workers[tSec] ?? 0) + 1;
  }

  /** One point per second that was asked for. */
  points(): readonly CoveragePoint[] {
    return Array.from(this.#asked, (asked, tSec) => ({
      tSec,
      askedUsers: asked ?? 0,
      users: this.#users[tSec] ?? 0,
      workers: this.#workers[tSec] ?? 0,
    }));
  }

  /** Delivered share of the asked user-seconds, 0-1; 1 when nothing was asked. More than asked in one second makes up for no other. */
  get share(): number {
    let asked = 0;
    let delivered = 0;
    for (const point of this.points()) {
      asked += point.askedUsers;
      delivered += Math.min(point.users, point.askedUsers);
    }
    return asked === 0 ? 1 : delivered / asked;
  }
}

/** What a delivered share below the bound says of a run; null when it is enough. @param share 0-1 */
export function coverageFault(share: number): string | null {
  if (share >= COVERAGE_LIMIT) return null;
  return `only ${(share * 100).toFixed(1)} % of the asked user-seconds ran (bound ${COVERAGE_LIMIT * 100} %): use more or steadier workers`;
}
