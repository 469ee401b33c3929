import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserDispatcher } from "./dispatcher.ts";

type Step =
  | { readonly kind: "join" | "lose"; readonly worker: number }
  | { readonly kind: "add" | "remove"; readonly name: string }
  | { readonly kind: "release" | "rebalance"; readonly limit: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom("join" as const, "lose" as const), worker: fc.nat(5) }),
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("add" as const), name: fc.constantFrom("A", "B", "C") }),
  },
  fc.record({ kind: fc.constant("remove" as const), name: fc.constantFrom("A", "B", "C") }),
  fc.record({ kind: fc.constantFrom("release" as const, "rebalance" as const), limit: fc.nat(4) }),
);

describe("the dispatcher", () => {
  it("places or keeps waiting exactly the users that are wanted, whatever happens", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const dispatcher = new UserDispatcher();
        const wanted = new Map<string, number>();
        const workers = new Set<number>();
        for (const { kind, ...rest } of steps) {
          if ("worker" in rest) {
            if (kind === "join") {
              dispatcher.addWorker(`w${rest.worker}`);
              workers.add(rest.worker);
            } else {
              dispatcher.removeWorker(`w${rest.worker}`);
              workers.delete(rest.worker);
            }
          } else if ("name" in rest) {
            if (kind === "add") {
              wanted.set(rest.name, (wanted.get(rest.name) ?? 0) + 1);
              dispatcher.addUser(rest.name);
            } else if ((wanted.get(rest.name) ?? 0) > 0) {
              wanted.set(rest.name, wanted.get(rest.name)! - 1);
              dispatcher.removeUser(rest.name);
            }
          } else if (kind === "release")
            expect(dispatcher.release(rest.limit)).toBeLessThanOrEqual(rest.limit);
          else expect(dispatcher.rebalance(rest.limit)).toBeLessThanOrEqual(rest.limit);
          const sum = [...wanted.values()].reduce((all, count) => all + count, 0);
          expect(dispatcher.placed + dispatcher.waiting).toBe(sum);
          for (const worker of workers)
            for (const count of Object.values(dispatcher.countsOf(`w${worker}`)))
              expect(count).toBeGreaterThanOrEqual(0);
        }
        dispatcher.release(Number.POSITIVE_INFINITY);
        dispatcher.rebalance(Number.POSITIVE_INFINITY);
        if (workers.size === 0) return;
        const placed = [...workers].map((worker) => dispatcher.countsOf(`w${worker}`));
        for (const [name, count] of wanted)
          expect(placed.reduce((sum, counts) => sum + (counts[name] ?? 0), 0)).toBe(count);
        const totals = placed.map((counts) => Object.values(counts).reduce((sum, count) => sum + count, 0));
        expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("moves no user while all workers stay", () => {
    const dispatcher = new UserDispatcher();
    for (const id of ["a", "b", "c"]) dispatcher.addWorker(id);
    for (let index = 0; index < 10; index += 1) {
      const before = ["a", "b", "c"].map((id) => dispatcher.countsOf(id)["U"] ?? 0);
      dispatcher.addUser("U");
      const after = ["a", "b", "c"].map((id) => dispatcher.countsOf(id)["U"] ?? 0);
      expect(after.map((count, at) => count - before[at]!).sort()).toEqual([0, 0, 1]);
    }
    expect(dispatcher.rebalance(10)).toBe(0);
  });
});
