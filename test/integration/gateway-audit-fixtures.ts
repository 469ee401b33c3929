/** Logs on disk without a gateway, and shippers over them, for the tests of the copy in PostgreSQL. */
import { appendFileSync } from "node:fs";
import { Chain } from "../../src/gateway/audit/chain.ts";
import { auditFile } from "../../src/gateway/audit/names.ts";
import type { ExchangeRecord } from "../../src/gateway/audit/record.ts";
import { AuditShipper, type ShipperOptions } from "../../src/gateway/audit/shipping/shipper.ts";
import { createDatabase, type Database } from "../../src/gateway/stores/postgres/database.ts";
import { monotonicMs } from "../../src/shared/index.ts";

/** First moment of the records that are made, ms since the Unix epoch. */
export const FIRST_TS = 1_700_000_000_000;

/** One record of a request; `i` chooses its facts. */
export function exchangeRecord(i: number): ExchangeRecord {
  return {
    kind: "exchange",
    requestId: `rq-0123456789ab-${i}`,
    tenant: `tenant-${i % 50}`,
    customer: `customer-${i % 50}`,
    role: "caller",
    route: i % 4 === 0 ? "/anthropic/v1/messages" : "/v1/chat/completions",
    provider: "openai",
    model: "gpt-4",
    status: i % 100 === 0 ? 429 : i % 1000 === 1 ? 500 : 200,
    action: i % 100 === 0 ? "refused" : "anonymised",
    findingsByType: i % 500 === 0 ? { IBAN_CODE: 1 } : i % 3 === 0 ? { EMAIL_ADDRESS: 2 } : {},
    injection: i % 700 === 0 ? { score: 0.9, level: "high", types: ["role_play"] } : null,
    guards: ["pii", "injection"],
    failMode: "none",
    errorCode: null,
    durationMs: 1.5,
  };
}

/** A log that a test writes by hand: as the gateway's writer, but file by file and record by record. */
export class HandLog {
  readonly chain = new Chain();
  /** Every line written, in order. */
  readonly lines: string[] = [];
  private file = 0;
  private readonly dir: string;
  private readonly log: number;
  private readonly name: string;

  constructor(dir: string, log: number, name: string) {
    this.dir = dir;
    this.log = log;
    this.name = name;
  }

  get path(): string {
    return auditFile(this.dir, this.log, this.file).path;
  }

  nextFile(): void {
    const previous = this.file === 0 ? null : auditFile(this.dir, this.log, this.file).name;
    this.file += 1;
    const { name: file } = auditFile(this.dir, this.log, this.file);
    this.append(this.chain.seal(FIRST_TS, { kind: "file", log: this.name, file, previous }));
  }

  add(count: number): void {
    if (this.file === 0) this.nextFile();
    let text = "";
    for (let i = 0; i < count; i += 1) {
      const line = this.chain.seal(FIRST_TS + this.chain.seq * 10, exchangeRecord(this.chain.seq));
      this.lines.push(line);
      text += line;
    }
    appendFileSync(this.path, text);
  }

  append(line: string): void {
    this.lines.push(line);
    appendFileSync(this.path, line);
  }
}

/** A database with short time-outs. */
export function databaseAt(url: string, more: Partial<Parameters<typeof createDatabase>[0]> = {}): Database {
  return createDatabase({
    url,
    field: "DATABASE_URL",
    schema: "rampart",
    poolMin: 0,
    poolMax: 5,
    idleConnectionMs: 10_000,
    connectionLifetimeMs: 60_000,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 2_000,
    clock: monotonicMs,
    ...more,
  });
}

/** A shipper that works in rounds asked for by the test, unless it is started. */
export function shipperOf(dir: string, database: Database, more: Partial<ShipperOptions> = {}): AuditShipper {
  return new AuditShipper({
    dir,
    database,
    batchRecords: 100,
    batchAfterMs: 50,
    retentionDays: 0,
    epoch: () => FIRST_TS + 100_000,
    random: () => 0.5,
    ...more,
  });
}
