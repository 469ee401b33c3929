/** Who runs which users: absolute numbers by worker and class that always sum to what is wanted. */

/** Users of one worker by class. */
interface Place {
  readonly order: number;
  readonly counts: Map<string, number>;
  total: number;
}

/**
 * Spreads users over workers so that totals differ by one at most as far as nobody is moved. For each class the users placed
 * and those waiting for a place sum exactly to the number wanted: users of a lost worker wait until {@link release} gives
 * them to the others, so the caller sets the pace of the re-ramp. Cost: O(workers) a user.
 */
export class UserDispatcher {
  readonly #places = new Map<string, Place>();
  readonly #waiting = new Map<string, number>();
  #joined = 0;

  /** A worker that can take users; it gets new ones first, and others' by {@link rebalance}. */
  addWorker(id: string): void {
    if (this.#places.has(id)) return;
    this.#places.set(id, { order: this.#joined, counts: new Map(), total: 0 });
    this.#joined += 1;
  }

  /** A worker is gone: its users wait. @returns how many */
  removeWorker(id: string): number {
    const place = this.#places.get(id);
    if (place === undefined) return 0;
    this.#places.delete(id);
    for (const [name, count] of place.counts) add(this.#waiting, name, count);
    return place.total;
  }

  /** One more user of a class is wanted. */
  addUser(name: string): void {
    const place = this.#emptiest(name);
    if (place === null) add(this.#waiting, name, 1);
    else put(place, name, 1);
  }

  /** One user of a class less is wanted: a waiting one, else one of the fullest worker that has some. */
  removeUser(name: string): void {
    if ((this.#waiting.get(name) ?? 0) > 0) {
      add(this.#waiting, name, -1);
      return;
    }
    let fullest: Place | null = null;
    for (const place of this.#places.values()) {
      const count = place.counts.get(name) ?? 0;
      if (count > 0 && (fullest === null || isFuller(place, fullest, name))) fullest = place;
    }
    if (fullest !== null) put(fullest, name, -1);
  }

  /** Places up to `limit` waiting users. @returns how many were placed */
  release(limit: number): number {
    let placed = 0;
    for (const [name, count] of this.#waiting)
      for (let index = 0; index < count && placed < limit; index += 1) {
        const place = this.#emptiest(name);
        if (place === null) return placed;
        put(place, name, 1);
        add(this.#waiting, name, -1);
        placed += 1;
      }
    return placed;
  }

  /** Moves up to `limit` users from full workers to empty ones until totals differ by one at most. @returns how many */
  rebalance(limit: number): number {
    let moved = 0;
    while (moved < limit) {
      let fullest: Place | null = null;
      let emptiest: Place | null = null;
      for (const place of this.#places.values()) {
        if (fullest === null || place.total > fullest.total) fullest = place;
        if (emptiest === null || place.total < emptiest.total) emptiest = place;
      }
      if (fullest === null || emptiest === null || fullest.total - emptiest.total < 2) return moved;
      const name = mostAhead(fullest, emptiest);
      put(fullest, name, -1);
      put(emptiest, name, 1);
      moved += 1;
    }
    return moved;
  }

  /** Users of a worker by class; classes that it had and has no more are there with 0. */
  countsOf(id: string): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#places.get(id)?.counts ?? []);
  }

  /** Users wanted that no worker runs. */
  get waiting(): number {
    let sum = 0;
    for (const count of this.#waiting.values()) sum += count;
    return sum;
  }

  /** Users given to workers. */
  get placed(): number {
    let sum = 0;
    for (const place of this.#places.values()) sum += place.total;
    return sum;
  }

  #emptiest(name: string): Place | null {
    let best: Place | null = null;
    for (const place of this.#places.values()) if (best === null || isFuller(best, place, name)) best = place;
    return best;
  }
}

/** By total, then by users of the class, then the later one. */
function isFuller(a: Place, b: Place, name: string): boolean {
  if (a.total !== b.total) return a.total > b.total;
  const difference = (a.counts.get(name) ?? 0) - (b.counts.get(name) ?? 0);
  return difference === 0 ? a.order > b.order : difference > 0;
}

/** The class of which the fuller worker has most more than the emptier one. */
function mostAhead(fuller: Place, emptier: Place): string {
  let best = "";
  let ahead = 0;
  for (const [name, count] of fuller.counts) {
    const difference = count - (emptier.counts.get(name) ?? 0);
    if (difference > ahead) {
      best = name;
      ahead = difference;
    }
  }
  return best;
}

function put(place: Place, name: string, change: number): void {
  place.counts.set(name, (place.counts.get(name) ?? 0) + change);
  place.total += change;
}

function add(counts: Map<string, number>, name: string, change: number): void {
  counts.set(name, (counts.get(name) ?? 0) + change);
}
