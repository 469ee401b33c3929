import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, it } from "vitest";
import { proveCrashes } from "../integration/gateway-audit-crashes.ts";
import { databaseAt } from "../integration/gateway-audit-fixtures.ts";
import { createTestDatabase, findServer } from "../integration/gateway-postgres-server.ts";

const server = await findServer();
const test = server === null ? null : await createTestDatabase(server);
const dir = mkdtempSync(join(tmpdir(), "rampart-crashes-"));
afterAll(async () => {
  await test?.drop();
  rmSync(dir, { recursive: true });
});

describe.skipIf(server === null)("copying the audit log", () => {
  it("leaves every record exactly once over 1,000 orders of failures", async () => {
    const database = databaseAt(test!.url);
    await database.migrate();
    const linesOf = async (name: string): Promise<string[]> =>
      (
        await test!.query<{ line: string }>(
          `SELECT record::text || E'\\n' AS line FROM rampart.audit_records
           JOIN rampart.audit_logs ON log_id = id WHERE name = $1 ORDER BY seq`,
          [name],
        )
      ).map(({ line }) => line);
    await proveCrashes(dir, database, linesOf, 1_000);
    await database.close();
  }, 1_800_000);
});
