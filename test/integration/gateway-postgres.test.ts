import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { Chain } from "../../src/gateway/audit/chain.ts";
import { verifyAuditDatabase } from "../../src/gateway/audit/database/verify.ts";
import { auditFile } from "../../src/gateway/audit/names.ts";
import { createAuditTable } from "../../src/gateway/audit/shipping/table.ts";
import type { Database } from "../../src/gateway/stores/postgres/database.ts";
import { breakingTable, proveCrashes } from "./gateway-audit-crashes.ts";
import { databaseAt, FIRST_TS, HandLog, shipperOf } from "./gateway-audit-fixtures.ts";
import { createTestDatabase, findServer, type TestDatabase } from "./gateway-postgres-server.ts";

const server = await findServer();
const shared: TestDatabase | null = server === null ? null : await createTestDatabase(server);
const DAY_MS = 86_400_000;

let dir: string;
const databases: Database[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "rampart-postgres-"));
});
afterEach(async () => {
  await Promise.all(databases.splice(0).map((database) => database.close()));
  rmSync(dir, { recursive: true, force: true });
});
afterAll(() => shared?.drop());

function connect(more: Parameters<typeof databaseAt>[1] = {}): Database {
  const database = databaseAt(shared!.url, more);
  databases.push(database);
  return database;
}

async function linesOf(name: string): Promise<string[]> {
  const rows = await shared!.query<{ line: string }>(
    `SELECT record::text || E'\\n' AS line FROM rampart.audit_records JOIN rampart.audit_logs ON log_id = id
     WHERE name = $1 ORDER BY seq`,
    [name],
  );
  return rows.map(({ line }) => line);
}

describe.skipIf(server === null)("the copy of the audit log in PostgreSQL", () => {
  it("is made by any number of processes that start at once, and holds every line byte for byte, once", async () => {
    const log = new HandLog(dir, 0, "many");
    log.add(730);
    log.nextFile();
    log.add(370);
    const shippers = Array.from({ length: 4 }, () => shipperOf(dir, connect()));
    await Promise.all(shippers.map((shipper) => shipper.flush()));
    await Promise.all(shippers.map((shipper) => shipper.flush()));
    expect(shippers.map((shipper) => shipper.figures().state)).toEqual(Array(4).fill("healthy"));
    expect(await linesOf("many")).toEqual(log.lines);
    const figures = shippers.map((shipper) => shipper.figures());
    expect(figures.reduce((sum, { shipped }) => sum + shipped, 0)).toBe(1102);
    expect(figures.every(({ missed, lagRecords }) => missed === 0 && lagRecords === 0)).toBe(true);
    const verified = await verifyAuditDatabase(connect(), log.chain.hash);
    expect(verified).toMatchObject({ exchanges: 1100, faults: [], missed: 0 });
  });

  it("leaves every record exactly once, wherever the shipper, its connection or the gateway breaks", async () => {
    const database = connect();
    await database.migrate();
    await proveCrashes(dir, database, linesOf, 15);
  }, 120_000);

  it("counts what left the disk before it was copied, and verifies when the log says so", async () => {
    const log = new HandLog(dir, 0, "removed");
    log.add(50);
    const shipper = shipperOf(dir, connect());
    await shipper.flush();
    log.add(150);
    const first = log.path;
    const { seq, hash } = log.chain;
    log.nextFile();
    log.append(
      log.chain.seal(FIRST_TS, {
        kind: "removed",
        file: auditFile(dir, 0, 1).name,
        lastSeq: seq,
        lastHash: hash,
      }),
    );
    log.add(20);
    unlinkSync(first);
    await shipper.flush();
    expect(shipper.figures()).toMatchObject({ shipped: 51 + 22, missed: 150, state: "healthy" });
    expect(await verifyAuditDatabase(connect())).toMatchObject({ faults: [], removedFiles: 1 });
    const [row] = await shared!.query<{ missed: string }>(
      "SELECT missed FROM rampart.audit_logs WHERE name = 'removed'",
    );
    expect(row).toEqual({ missed: "150" });
  });

  it("shows what was removed while the database was away, before it is back", async () => {
    const log = new HandLog(dir, 0, "away");
    log.add(10);
    let isAway = false;
    const table = breakingTable(createAuditTable(connect()), () => (isAway ? "before" : "never"));
    const shipper = shipperOf(dir, connect(), { table });
    await shipper.flush();
    isAway = true;
    log.add(30);
    const first = log.path;
    log.nextFile();
    log.add(5);
    await shipper.flush();
    expect(shipper.figures()).toMatchObject({ state: "failing", failures: 1, missed: 0, lagRecords: 36 });
    expect(shipper.figures().lagMs).toBeGreaterThan(0);
    unlinkSync(first);
    await shipper.flush();
    expect(shipper.figures()).toMatchObject({ missed: 30, lagRecords: 6 });
    isAway = false;
    await shipper.flush();
    expect(shipper.figures()).toMatchObject({ state: "healthy", missed: 30, lagRecords: 0 });
  });

  it("keeps both forms of a record when the log on disk was set back after it was copied, and says so", async () => {
    const log = new HandLog(dir, 0, "set-back");
    log.add(20);
    const whole = readFileSync(log.path);
    const { seq, hash } = log.chain;
    log.add(3);
    await shipperOf(dir, connect()).flush();
    // A power failure: the last three records never reached the device.
    writeFileSync(log.path, whole);
    const other = new Chain(seq, hash);
    for (let i = 0; i < 9; i += 1) log.append(other.seal(FIRST_TS, { kind: "dropped", count: i + 1 }));
    const shipper = shipperOf(dir, connect());
    await shipper.flush();
    expect(await linesOf("set-back")).toHaveLength(21 + 3 + 9);
    const { faults } = await verifyAuditDatabase(connect());
    expect(faults).toContainEqual(
      expect.objectContaining({ file: "log set-back", problem: expect.stringContaining("twice") }),
    );
    await shared!.query(
      "DELETE FROM rampart.audit_records USING rampart.audit_logs WHERE name = 'set-back' AND id = log_id",
    );
    await shared!.query("DELETE FROM rampart.audit_logs WHERE name = 'set-back'");
  });

  it("goes on without a record that PostgreSQL cannot hold, and without a line that was changed", async () => {
    const log = new HandLog(dir, 0, "poison");
    log.add(130);
    log.append(log.chain.seal(FIRST_TS, { kind: "opened", version: "\u0000" }));
    log.add(70);
    const text = readFileSync(log.path, "utf8").split("\n");
    text[10] = text[10]!.replace('"status":200', '"status":201');
    writeFileSync(log.path, text.join("\n"));
    const shipper = shipperOf(dir, connect());
    await shipper.flush();
    expect(shipper.figures()).toMatchObject({ state: "healthy", shipped: 200, missed: 2 });
    const { faults } = await verifyAuditDatabase(connect());
    expect(faults).toContainEqual(expect.objectContaining({ file: "log poison", line: 12 }));
    await shared!.query(
      "DELETE FROM rampart.audit_records USING rampart.audit_logs WHERE name = 'poison' AND id = log_id",
    );
    await shared!.query("DELETE FROM rampart.audit_logs WHERE name = 'poison'");
  });

  it("takes logs that nobody writes any more, and leaves those of the living alone", async () => {
    const logs = ["dead", "living", "elsewhere", "elsewhere-idle"].map(
      (name, i) => new HandLog(dir, i, name),
    );
    for (const log of logs) log.add(5);
    writeFileSync(join(dir, "audit-0.lock"), `4194305 ${hostname()}\n`);
    writeFileSync(join(dir, "audit-1.lock"), `${process.ppid} ${hostname()}\n`);
    for (const i of [2, 3]) writeFileSync(join(dir, `audit-${i}.lock`), "1 some-other-machine\n");
    const shipper = shipperOf(dir, connect(), { epoch: Date.now });
    await shipper.flush();
    expect(shipper.figures().shipped).toBe(6);
    expect(await linesOf("dead")).toHaveLength(6);
    const later = shipperOf(dir, connect(), { epoch: () => Date.now() + 61_000 });
    await later.flush();
    expect(later.figures().shipped).toBe(12);
    expect(await linesOf("living")).toHaveLength(0);
  });

  it("deletes by age from the beginning of each log, still verifies, and never stores again what it deleted", async () => {
    const log = new HandLog(dir, 0, "old");
    log.add(2_500);
    const database = connect();
    await shipperOf(dir, database).flush();
    // Ten milliseconds a record: the first 1,500 are older than a day.
    const nowMs = FIRST_TS + DAY_MS + 1_500 * 10;
    const pruning = shipperOf(dir, database, { retentionDays: 1, epoch: () => nowMs });
    await pruning.flush();
    const left = await linesOf("old");
    expect(pruning.figures().pruned).toBeGreaterThanOrEqual(log.lines.length - left.length);
    expect(left).toEqual(log.lines.slice(-left.length));
    expect(log.lines.length - left.length).toBeGreaterThan(1_490);
    await shared!.query(
      "UPDATE rampart.audit_logs SET shipped_seq = 0, shipped_file = 0, shipped_bytes = 0 WHERE name = 'old'",
    );
    await shipperOf(dir, database).flush();
    expect(await linesOf("old")).toEqual(left);
    const { faults } = await verifyAuditDatabase(database, log.chain.hash);
    expect(faults).toEqual([]);
  });

  it("shows in the copy which record was taken out, and that the end is missing", async () => {
    const log = new HandLog(dir, 0, "tampered");
    log.add(40);
    await shipperOf(dir, connect()).flush();
    const of = "USING rampart.audit_logs WHERE name = 'tampered' AND id = log_id";
    await expect(shared!.query("UPDATE rampart.audit_records SET status = 200")).rejects.toThrow(/DEFAULT/);
    await shared!.query(`DELETE FROM rampart.audit_records ${of} AND seq > 39`);
    expect((await verifyAuditDatabase(connect())).faults).toEqual([
      { file: "log tampered", line: 39, problem: "records 40 to 41 are missing at the end" },
    ]);
    await shared!.query(`DELETE FROM rampart.audit_records ${of} AND seq = 12`);
    expect((await verifyAuditDatabase(connect())).faults).toContainEqual({
      file: "log tampered",
      line: 13,
      problem: "records 12 to 12 are missing",
    });
  });
});

describe.skipIf(server === null)("the pool", () => {
  it("tells that it is exhausted, and serves again afterwards", async () => {
    const database = connect({ poolMax: 2, connectTimeoutMs: 200 });
    const slow = [1, 2].map(() => database.query("SELECT pg_sleep(0.6)"));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(database.query("SELECT 1")).rejects.toMatchObject({ code: "RMP_STORE_EXHAUSTED" });
    expect(database.figures()).toMatchObject({ exhausted: 1, connections: 2, idle: 0, maxConnections: 2 });
    await Promise.all(slow);
    expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    expect(database.figures()).toMatchObject({ isHealthy: true });
  });

  it("ends a statement that takes too long", async () => {
    const database = connect({ statementTimeoutMs: 200 });
    await expect(database.query("SELECT pg_sleep(5)")).rejects.toMatchObject({ code: "RMP_STORE_TIMEOUT" });
    expect(await database.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("never shows user or password of its URL", async () => {
    const url = "postgresql://secret-user:secret-word@127.0.0.1:1/audit?sslmode=disable";
    const database = connect();
    const away = databaseAt(url);
    const error = await away.query("SELECT 1").catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: "RMP_STORE_UNAVAILABLE" });
    const { inspect } = await import("node:util");
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/secret/);
    const wrongUser = new URL(shared!.url);
    wrongUser.username = "nobody-of-that-name";
    const refused = await databaseAt(wrongUser.href)
      .query("SELECT 1")
      .catch((caught: unknown) => caught);
    expect(inspect(refused, { depth: 9 })).not.toMatch(/nobody-of/);
    expect(() => databaseAt("secret-word")).toThrow(expect.objectContaining({ code: "RMP_CONFIG_INVALID" }));
    expect(database.figures().connections).toBe(0);
    await away.close();
  });
});
