import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Chain } from "./chain.ts";
import { claimLog } from "./claim.ts";
import { auditFile } from "./names.ts";
import { type AuditPosition, createAuditReader } from "./reader.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "rampart-audit-"));
});
afterEach(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe("a reader of the log", () => {
  it("goes on where it stopped, over files, and leaves a half-written record for later", async () => {
    const chain = new Chain();
    const lines = Array.from({ length: 9 }, (_, i) => chain.seal(i, { kind: "dropped", count: i }));
    const [one, two] = [auditFile(dir, 3, 1).path, auditFile(dir, 3, 2).path];
    const reader = createAuditReader(dir);
    const seen: number[] = [];
    let after: AuditPosition | undefined;
    const readOn = async (): Promise<number> => {
      const before = seen.length;
      for await (const entries of reader.read(3, after))
        for (const { record, next } of entries) {
          seen.push(record?.seq ?? 0);
          after = next;
        }
      return seen.length - before;
    };
    const bytes = Buffer.from(lines.slice(0, 5).join(""));
    for (let end = 0; end <= bytes.length; end += 97) {
      writeFileSync(one, bytes.subarray(0, end));
      await readOn();
    }
    writeFileSync(one, bytes);
    await readOn();
    expect(await readOn()).toBe(0);
    writeFileSync(two, lines.slice(5).join(""));
    expect(await readOn()).toBe(4);
    expect(await reader.logs()).toEqual([3]);
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("tells of a folder without a log", async () => {
    await expect(createAuditReader(dir).logs()).rejects.toMatchObject({ code: "RMP_AUDIT_NOT_FOUND" });
  });
});

describe("the claim to a log", () => {
  it("is one writer's at a time", () => {
    const claims = [claimLog(dir), claimLog(dir), claimLog(dir)];
    expect(claims.map(({ log }) => log)).toEqual([0, 1, 2]);
    claims[1]!.release();
    const again = claimLog(dir);
    expect(again.log).toBe(1);
    for (const claim of [...claims, again]) claim.release();
  });

  it.each([
    ["a dead process (above the largest id of Linux)", `4194305 ${hostname()}\n`, 0],
    ["an earlier process of the same number", `${process.pid} ${hostname()}\n`, 0],
    ["a living process", `${process.ppid} ${hostname()}\n`, 1],
    ["another machine", "1 some-other-machine\n", 1],
    ["somebody who is just writing it", "", 1],
  ])("respects a lock of %s as it should", (_, text, log) => {
    const path = join(dir, "audit-0.lock");
    writeFileSync(path, text);
    const claim = claimLog(dir);
    expect(claim.log).toBe(log);
    if (log === 1) expect(readFileSync(path, "utf8")).toBe(text);
    claim.release();
  });
});
