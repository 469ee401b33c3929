/** Something that knows its place in a list. */
export interface Listed {
  /** Index in the list, -1 outside. */
  slot: number;
}

/**
 * The items under way, unordered, with constant-time removal. An array and not a `Set`: a set that grows and shrinks all the
 * time leaves outgrown tables behind which keep finished items alive until the next full collection (measured: seven times
 * the garbage-collection time per request).
 */
export class SlotList<T extends Listed> implements Iterable<T> {
  private readonly items: T[] = [];

  get size(): number {
    return this.items.length;
  }

  add(item: T): void {
    item.slot = this.items.length;
    this.items.push(item);
  }

  /** Harmless when the item is not in the list. */
  remove(item: T): void {
    if (item.slot === -1) return;
    const last = this.items.pop();
    if (last !== undefined && last !== item) {
      this.items[item.slot] = last;
      last.slot = item.slot;
    }
    item.slot = -1;
  }

  /** The items at the moment of the call: they may be removed meanwhile. */
  [Symbol.iterator](): Iterator<T> {
    return this.items.slice()[Symbol.iterator]();
  }
}
