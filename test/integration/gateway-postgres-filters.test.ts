import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { queryAuditDatabase, selectAuditDatabase } from "../../src/gateway/audit/database/select.ts";
import { type AuditFilter, queryAudit, selectAudit } from "../../src/gateway/audit/query.ts";
import { databaseAt, FIRST_TS, HandLog, shipperOf } from "./gateway-audit-fixtures.ts";
import { createTestDatabase, findServer } from "./gateway-postgres-server.ts";

const server = await findServer();
const test = server === null ? null : await createTestDatabase(server);
const dir = mkdtempSync(join(tmpdir(), "rampart-filters-"));
afterAll(async () => {
  await test?.drop();
  rmSync(dir, { recursive: true });
});

const maybe = <T>(...values: readonly T[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
const moment = fc.option(fc.integer({ min: FIRST_TS - 50, max: FIRST_TS + 12_100 }), { nil: undefined });
const filters = fc.record({
  sinceMs: moment,
  untilMs: moment,
  tenant: maybe("tenant-7", "tenant-0", "nobody", "tenant%"),
  route: maybe("/v1/*", "/v1/chat/completions", "*", "/v1/chat%*", "/v_/*", "/anthropic/*"),
  type: maybe(
    "exchange",
    "file",
    "opened",
    "dropped",
    "refused",
    "anonymised",
    "EMAIL_ADDRESS",
    "IBAN_CODE",
    "role_play",
    "'; DROP TABLE x; --",
  ),
  status: maybe("200", "4xx", "5XX", "429", "3xx"),
});

describe.skipIf(server === null)("filters of rampart audit", () => {
  it("want the same records of the copy as of the log on disk", async () => {
    const log = new HandLog(dir, 0, "filters");
    for (const count of [300, 301, 600]) {
      log.nextFile();
      log.append(log.chain.seal(FIRST_TS + log.chain.seq * 10, { kind: "opened", version: "1" }));
      log.add(count);
      log.append(log.chain.seal(FIRST_TS + log.chain.seq * 10, { kind: "dropped", count }));
    }
    const database = databaseAt(test!.url);
    const shipper = shipperOf(dir, database);
    await shipper.flush();
    expect(shipper.figures()).toMatchObject({ state: "healthy", shipped: log.lines.length });
    await fc.assert(
      fc.asyncProperty(filters, fc.integer({ min: 1, max: 700 }), async (drawn, limit) => {
        const filter = Object.fromEntries(
          Object.entries(drawn).filter(([, value]) => value !== undefined),
        ) as AuditFilter; // fields left out in place of undefined ones
        const [disk, copy] = await Promise.all([
          linesOf(selectAudit(dir, filter)),
          linesOf(selectAuditDatabase(database, filter)),
        ]);
        expect(copy.toSorted()).toEqual(disk.toSorted());
        expect(await queryAuditDatabase(database, filter, limit)).toEqual(
          await queryAudit(dir, filter, limit),
        );
      }),
      { numRuns: 80 },
    );
    await database.close();
  });
});

async function linesOf(source: AsyncGenerator<readonly { readonly line: Buffer }[]>): Promise<string[]> {
  const lines: string[] = [];
  for await (const entries of source) for (const { line } of entries) lines.push(line.toString("utf8"));
  return lines;
}
