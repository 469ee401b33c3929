import { afterAll, describe, expect, it } from "vitest";
import { queryAuditDatabase, selectAuditDatabase } from "../../src/gateway/audit/database/select.ts";
import { databaseAt } from "./gateway-audit-fixtures.ts";
import { fillCopy, plansOf } from "./gateway-audit-plans.ts";
import { createTestDatabase, findServer } from "./gateway-postgres-server.ts";

const COUNT = 8_000;

const server = await findServer();
const test = server === null ? null : await createTestDatabase(server);
afterAll(() => test?.drop());

describe.skipIf(server === null)("queries of the copy of the audit log", () => {
  it("can read an index with every filter, and pages make the whole", async () => {
    // In a small table a sequential scan may be the best; here it is only taken when no index can serve.
    const url = `${test!.url}?options=-c%20enable_seqscan%3Doff`;
    const database = databaseAt(url, { statementTimeoutMs: 30_000 });
    await expect(queryAuditDatabase(database, {}, 10)).rejects.toMatchObject({ code: "RMP_AUDIT_NOT_FOUND" });
    await fillCopy(database, COUNT);
    const plans = await plansOf(database, COUNT);
    expect(plans.length).toBeGreaterThan(100);
    expect(
      plans.filter(({ scans }) => scans.length === 0 || scans.some((kind) => kind.includes("Seq"))),
    ).toEqual([]);

    let exported = 0;
    let lastSeq = 0;
    for await (const entries of selectAuditDatabase(database, { route: "/v1/*" }))
      for (const { record } of entries) {
        exported += 1;
        expect(record!.seq).toBeGreaterThan(lastSeq);
        lastSeq = record!.seq;
      }
    expect(exported).toBe((COUNT * 3) / 4);
    const newest = await queryAuditDatabase(database, { route: "/v1/*" }, 3_000);
    expect(newest).toHaveLength(3_000);
    expect(newest.at(-1)!.seq).toBe(lastSeq);
    await database.close();
  });
});
