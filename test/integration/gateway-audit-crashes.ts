/** Breaks the copying of the audit log at every point where it can break. */
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect } from "vitest";
import { type AuditTable, createAuditTable } from "../../src/gateway/audit/shipping/table.ts";
import type { Database } from "../../src/gateway/stores/postgres/database.ts";
import { HandLog, shipperOf } from "./gateway-audit-fixtures.ts";

/**
 * Any order of writing, copying with answers that get lost, torn writes, new files and restarts leaves each record in the
 * table exactly once.
 * @param linesOf the lines of a log in the table, in their order
 */
export async function proveCrashes(
  dir: string,
  database: Database,
  linesOf: (log: string) => Promise<string[]>,
  numRuns: number,
): Promise<void> {
  let number = 0;
  const step = fc.oneof(
    fc.record({ do: fc.constant("write" as const), count: fc.integer({ min: 1, max: 260 }) }),
    fc.record({
      do: fc.constant("ship" as const),
      failAt: fc.integer({ min: 0, max: 6 }),
      isLate: fc.boolean(),
    }),
    fc.constant({ do: "restart" } as const),
    fc.constant({ do: "file" } as const),
    fc.constant({ do: "cut" } as const),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      number += 1;
      const folder = mkdtempSync(join(dir, "log-"));
      const name = `crash-${number}`;
      const log = new HandLog(folder, 0, name);
      let failAt = Number.POSITIVE_INFINITY;
      let isLate = false;
      const table = breakingTable(createAuditTable(database), () => {
        failAt -= 1;
        return failAt < 0 ? (isLate ? "after" : "before") : "never";
      });
      let shipper = shipperOf(folder, database, { table });
      for (const action of steps) {
        if (action.do === "write") log.add(action.count);
        else if (action.do === "file") log.nextFile();
        else if (action.do === "restart") shipper = shipperOf(folder, database, { table });
        else if (action.do === "cut") {
          // A write that was cut short stands at the end for a while.
          if (log.lines.length > 0) {
            const whole = readFileSync(log.path);
            writeFileSync(log.path, Buffer.concat([whole, Buffer.from('{"v":1,"seq":')]));
            await shipper.flush();
            truncateSync(log.path, whole.length);
          }
        } else {
          failAt = action.failAt;
          isLate = action.isLate;
          await shipper.flush();
          failAt = Number.POSITIVE_INFINITY;
        }
      }
      await shipper.flush();
      expect(shipper.figures()).toMatchObject({ state: "healthy", missed: 0, lagRecords: 0 });
      expect(await linesOf(name)).toEqual(log.lines);
    }),
    { numRuns },
  );
}

/** A table whose answers get lost, before or after the statement was carried out. */
export function breakingTable(table: AuditTable, next: () => "never" | "before" | "after"): AuditTable {
  const broken = async <T>(work: () => Promise<T>): Promise<T> => {
    const when = next();
    if (when === "before") throw new Error("the connection broke before the statement");
    const result = await work();
    if (when === "after") throw new Error("the connection broke before the answer");
    return result;
  };
  return {
    prepare: () => table.prepare(),
    ping: () => broken(() => table.ping()),
    position: (log) => broken(() => table.position(log)),
    append: (log, from, batch) => broken(() => table.append(log, from, batch)),
  };
}
