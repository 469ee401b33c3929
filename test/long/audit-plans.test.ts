import { afterAll, describe, expect, it } from "vitest";
import { databaseAt } from "../integration/gateway-audit-fixtures.ts";
import { fillCopy, plansOf } from "../integration/gateway-audit-plans.ts";
import { createTestDatabase, findServer } from "../integration/gateway-postgres-server.ts";

const COUNT = 1_000_000;
/** Longest time of one page on a busy machine, ms: a sequential scan of the table takes several times as long. */
const PAGE_MS = 1_500;

const server = await findServer();
const test = server === null ? null : await createTestDatabase(server);
afterAll(() => test?.drop());

describe.skipIf(server === null)("the copy of the audit log with a million records", () => {
  it("answers every filter of rampart audit from an index", async () => {
    const database = databaseAt(test!.url, { statementTimeoutMs: 120_000 });
    const startedMs = performance.now();
    await fillCopy(database, COUNT);
    const filledMs = performance.now() - startedMs;
    const plans = await plansOf(database, COUNT);
    await database.close();
    const slowest = plans.toSorted((a, b) => b.durationMs - a.durationMs).slice(0, 5);
    process.stderr.write(
      `${COUNT} records in ${(filledMs / 1000).toFixed(0)} s; ${plans.length} statements; slowest: ${JSON.stringify(slowest)}\n`,
    );
    expect(plans.length).toBe(17 * 3 * 3);
    expect(
      plans.filter(({ scans }) => scans.length === 0 || scans.some((kind) => kind.includes("Seq"))),
    ).toEqual([]);
    expect(plans.filter(({ durationMs }) => !(durationMs < PAGE_MS))).toEqual([]);
  }, 1_800_000);
});
