import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AuditDisk, nodeDisk } from "./disk.ts";
import type { Draft } from "./draft.ts";
import { verifyAudit } from "./verify.ts";
import { AuditWriter, type AuditWriterOptions } from "./writer.ts";

const NOW_MS = 1_790_000_000_000;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "rampart-audit-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

function draft(number: number, changes: Partial<Draft> = {}): Draft {
  return {
    ts: NOW_MS + number,
    requestId: `rq-0123456789ab-${number.toString(36)}`,
    tenant: "acme",
    customer: "ann",
    role: "caller",
    route: {
      method: "POST",
      path: "/v1/chat/completions",
      name: "/v1/chat/completions",
      role: "caller",
      errors: "openai",
      steps: [],
      summary: "",
      body: "json",
    },
    model: "gpt-4",
    status: 200,
    findingTypes: new Map([["EMAIL_ADDRESS", 2]]),
    injection: null,
    hasGuarded: true,
    judgesInjection: true,
    failedOpen: null,
    degraded: null,
    errorCode: null,
    durationMs: 1.23456,
    ...changes,
  };
}

function writer(changes: Partial<AuditWriterOptions> = {}): AuditWriter {
  return new AuditWriter({
    dir,
    disk: nodeDisk,
    flushMs: 50,
    queueEvents: 1_000,
    maxBytes: 1_000_000,
    maxFiles: 10,
    removeOldest: false,
    fsync: false,
    version: "0.0.0-test",
    now: () => NOW_MS,
    ...changes,
  });
}

async function writeLog(events: number, changes: Partial<AuditWriterOptions> = {}, from = 0): Promise<void> {
  const log = writer(changes);
  await log.open();
  for (let i = 0; i < events; i += 1) {
    log.offer(draft(from + i));
    if (i % 5 === 4) await log.flush();
  }
  await log.close();
}

const logFiles = () =>
  readdirSync(dir)
    .filter((name) => name.endsWith(".jsonl"))
    .sort();
const linesOf = (name: string) => readFileSync(join(dir, name), "utf8").split("\n").slice(0, -1);

describe("the audit log", () => {
  it("holds every exchange once and in order, over restarts, in one chain", async () => {
    await writeLog(12);
    await writeLog(7, {}, 12);
    const check = await verifyAudit(dir);
    expect(check).toMatchObject({ exchanges: 19, files: 1, dropped: 0, faults: [], tornBytes: 0 });
    expect(check.heads).toEqual([expect.objectContaining({ log: 0, seq: check.records, isClosed: true })]);
    const records = linesOf(logFiles()[0]!).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
    expect(records.filter(({ kind }) => kind === "exchange").map(({ ts }) => ts)).toEqual(
      Array.from({ length: 19 }, (_, i) => NOW_MS + i),
    );
  });

  it("shows any change of any byte", async () => {
    await writeLog(14, { maxBytes: 1_500 });
    const files = logFiles();
    expect(files.length).toBeGreaterThan(1);
    const originals = new Map(files.map((name) => [name, readFileSync(join(dir, name))]));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (name, place, flip) => {
          const original = originals.get(name)!;
          const changed = Buffer.from(original);
          const at = place % changed.length;
          changed[at] = changed[at]! ^ flip;
          writeFileSync(join(dir, name), changed);
          const { faults } = await verifyAudit(dir);
          writeFileSync(join(dir, name), original);
          expect(faults).toHaveLength(1);
          expect([name, files[files.indexOf(name) + 1]]).toContain(faults[0]!.file);
        },
      ),
      { numRuns: 200 },
    );
    expect((await verifyAudit(dir)).faults).toEqual([]);
  });

  it("shows the line from which records were taken out, moved, doubled or cut off", async () => {
    await writeLog(10);
    const [name] = logFiles() as [string];
    const lines = linesOf(name);
    const faultOf = async (changed: readonly string[]) => {
      writeFileSync(join(dir, name), changed.map((line) => `${line}\n`).join(""));
      return (await verifyAudit(dir)).faults;
    };
    for (let i = 0; i < lines.length - 1; i += 1) {
      expect(await faultOf(lines.toSpliced(i, 1))).toEqual([
        expect.objectContaining({ file: name, line: i + 1 }),
      ]);
      expect(await faultOf(lines.toSpliced(i, 2, lines[i + 1]!, lines[i]!))).toHaveLength(1);
      expect(await faultOf(lines.toSpliced(i, 0, lines[i]!))).toHaveLength(1);
    }
    expect(await faultOf(lines)).toEqual([]);
    const { heads } = await verifyAudit(dir);
    await faultOf(lines.slice(0, -3));
    expect((await verifyAudit(dir)).heads[0]).toMatchObject({ isClosed: false });
    expect((await verifyAudit(dir, heads[0]!.hash)).faults).toHaveLength(1);
  });

  it("goes on after every possible tear of its last write, and tells what was cut", async () => {
    await writeLog(3);
    const [name] = logFiles() as [string];
    const whole = readFileSync(join(dir, name));
    const lastStart = whole.lastIndexOf("\n", whole.length - 2) + 1;
    for (let end = lastStart; end <= whole.length; end += 13) {
      writeFileSync(join(dir, name), whole.subarray(0, end));
      expect(await verifyAudit(dir)).toMatchObject({ faults: [], tornBytes: end - lastStart });
      await writeLog(1);
      const check = await verifyAudit(dir);
      expect(check).toMatchObject({ faults: [], exchanges: 4, tornBytes: 0 });
      const cut = linesOf(name).some((line) => line.includes('"kind":"cut"'));
      expect(cut).toBe(end > lastStart);
    }
  });

  it("keeps its bound: full when it may not remove, else the oldest files go and the log says so", async () => {
    await writeLog(60, { maxBytes: 2_000, maxFiles: 3, removeOldest: true });
    expect(logFiles().length).toBe(3);
    const check = await verifyAudit(dir);
    expect(check.faults).toEqual([]);
    expect(check.removedFiles).toBeGreaterThan(0);
    rmSync(join(dir, logFiles()[0]!));
    expect((await verifyAudit(dir)).faults).toHaveLength(1);
  });

  it("counts what a full log could not hold, in the figures and in the log", async () => {
    const log = writer({ maxBytes: 1_500, maxFiles: 2 });
    await log.open();
    for (let i = 0; i < 30; i += 1) {
      log.offer(draft(i));
      if (i % 3 === 2) await log.flush();
    }
    expect(log.figures().state).toBe("full");
    await log.close();
    const check = await verifyAudit(dir);
    expect(check.faults).toEqual([]);
    expect(check.dropped).toBe(log.figures().dropped);
    expect(check.dropped).toBeGreaterThan(0);
    expect(check.exchanges + check.dropped).toBe(30);
  });

  it("drops beyond its queue while the disk is blocked, and tells how many", async () => {
    let openGate = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      openGate = resolve;
    });
    let onBlocked = (): void => undefined;
    const blocked = new Promise<void>((resolve) => {
      onBlocked = resolve;
    });
    let isBlocked = false;
    const disk = slowDisk(() => {
      if (!isBlocked) return undefined;
      onBlocked();
      return gate;
    });
    const log = writer({ queueEvents: 20, disk });
    await log.open();
    isBlocked = true;
    log.offer(draft(0));
    const flushed = log.flush();
    await blocked;
    for (let i = 1; i <= 50; i += 1) log.offer(draft(i));
    const { dropped, queued, state } = log.figures();
    expect({ dropped, queued, state }).toEqual({ dropped: 30, queued: 20, state: "stalled" });
    expect(log.isHealthy).toBe(false);
    isBlocked = false;
    openGate();
    await flushed;
    await log.close();
    const check = await verifyAudit(dir);
    expect(check).toMatchObject({ faults: [], dropped, exchanges: 21 });
  });

  it("loses nothing to a disk that fails for a while, in the middle of a write too", async () => {
    let failures = 0;
    const disk: AuditDisk = {
      ...nodeDisk,
      async open(path) {
        const file = await nodeDisk.open(path);
        return {
          ...file,
          bytes: file.bytes,
          async write(bytes, atByte) {
            if (failures > 0) {
              failures -= 1;
              await file.write(bytes.subarray(0, bytes.length / 2), atByte);
              throw Object.assign(new Error("no space"), { code: "ENOSPC" });
            }
            await file.write(bytes, atByte);
          },
        };
      },
    };
    const log = writer({ disk });
    await log.open();
    failures = 2;
    for (let i = 0; i < 4; i += 1) {
      log.offer(draft(i));
      await log.flush();
      expect(log.figures().state).toBe(i < 2 ? "failed" : "healthy");
    }
    await log.close();
    expect(log.figures()).toMatchObject({ written: 4, failures: 2, dropped: 0 });
    expect(await verifyAudit(dir)).toMatchObject({ faults: [], exchanges: 4, tornBytes: 0 });
  });

  it("gives every writer of one directory a log of its own", async () => {
    const [one, two] = [writer(), writer()];
    await Promise.all([one.open(), two.open()]);
    one.offer(draft(1));
    two.offer(draft(2));
    await Promise.all([one.close(), two.close()]);
    const check = await verifyAudit(dir);
    expect(check).toMatchObject({ exchanges: 2, files: 2, faults: [] });
    expect(check.heads.map(({ log }) => log)).toEqual([0, 1]);
    await writeLog(1);
    expect((await verifyAudit(dir)).files).toBe(2);
  });

  it("notices that its file was deleted and says so", async () => {
    const log = writer();
    await log.open();
    log.offer(draft(1));
    await log.flush();
    rmSync(join(dir, logFiles()[0]!));
    log.offer(draft(2));
    await log.close();
    const kinds = logFiles()
      .flatMap(linesOf)
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(["file", "broken", "exchange", "closed"]);
    expect((await verifyAudit(dir)).faults).toHaveLength(1);
  });

  it("takes no identifier or model name that could be a person's", async () => {
    const log = writer();
    await log.open();
    log.offer(draft(1, { requestId: "alice.johnson", model: "alice@example.com" }));
    log.offer(draft(2, { requestId: "123-45-6789", model: null }));
    await log.close();
    const text = linesOf(logFiles()[0]!).join("");
    expect(text).not.toMatch(/alice|123-45-6789/);
  });
});

function slowDisk(wait: () => Promise<void> | undefined): AuditDisk {
  return {
    ...nodeDisk,
    async open(path) {
      const file = await nodeDisk.open(path);
      return {
        ...file,
        async write(bytes, atByte) {
          await wait();
          await file.write(bytes, atByte);
        },
      };
    },
  };
}
