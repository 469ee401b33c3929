import { describe, expect, it } from "vitest";
import { proveOutage } from "../integration/gateway-audit-outage.ts";

const MIB = 1024 * 1024;

describe("a gateway whose PostgreSQL is away for two minutes under load", () => {
  it.each(["stop", "freeze"] as const)(
    "%s: fails no request, keeps its memory, and has everything in the table afterwards",
    async (kind) => {
      const result = await proveOutage({
        kind,
        ratePerSec: 200,
        warmUpMs: 30_000,
        outageMs: 120_000,
        statementTimeoutMs: 10_000,
        catchUpMs: 60_000,
      });
      process.stderr.write(`${kind}: ${JSON.stringify(result)}\n`);
      expect(result).not.toBeNull();
      const [before, after] = result!.memoryBytes;
      expect(result).toMatchObject({ failed: 0, stored: result!.requests, faults: [0, 0] });
      expect(result!.states).toContain("failing");
      expect(result!.mostLagRecords).toBeGreaterThan(20_000);
      expect(after - before).toBeLessThan(16 * MIB);
    },
    600_000,
  );
});
