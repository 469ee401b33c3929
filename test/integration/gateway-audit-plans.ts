/** Fills the copy of the audit log with many records and looks at how PostgreSQL answers every filter of `rampart audit`. */

import { Chain } from "../../src/gateway/audit/chain.ts";
import { pageStatement } from "../../src/gateway/audit/database/select.ts";
import type { AuditFilter } from "../../src/gateway/audit/query.ts";
import type { ShipLine } from "../../src/gateway/audit/shipping/batches.ts";
import { SHIP_START } from "../../src/gateway/audit/shipping/position.ts";
import { createAuditTable } from "../../src/gateway/audit/shipping/table.ts";
import type { Database } from "../../src/gateway/stores/postgres/database.ts";
import { exchangeRecord, FIRST_TS } from "./gateway-audit-fixtures.ts";

/** Records of one statement. */
const BATCH = 1_000;
/** Time between two records, ms. */
const STEP_MS = 10;

/** What one statement did. */
export interface StatementPlan {
  readonly name: string;
  /** Kinds of nodes that read the table, as EXPLAIN names them. */
  readonly scans: readonly string[];
  readonly rows: number;
  readonly durationMs: number;
}

/** Ships `count` records of requests as one log. */
export async function fillCopy(database: Database, count: number): Promise<void> {
  const table = createAuditTable(database);
  await table.prepare();
  const chain = new Chain();
  let from = await table.position("filled");
  const opened = chain.seal(FIRST_TS, { kind: "opened", version: "1" });
  let lines: ShipLine[] = [toLine(opened, chain, 0)];
  for (let i = 0; i < count; i += 1) {
    lines.push(toLine(chain.seal(FIRST_TS + i * STEP_MS, exchangeRecord(i)), chain, i));
    if (lines.length < BATCH && i < count - 1) continue;
    const next = lines.at(-1)!.next;
    if ((await table.append("filled", from, { lines, next })) !== lines.length) throw new Error("not stored");
    from = next;
    lines = [];
  }
  await database.query(`ANALYZE ${database.schema}.audit_records`);
}

/** The plans of the first page, and of one in the middle, of `query` and `export` with each filter and each pair of filters. */
export async function plansOf(database: Database, count: number): Promise<readonly StatementPlan[]> {
  const middle = FIRST_TS + (count * STEP_MS) / 2;
  const single: Readonly<Record<string, AuditFilter>> = {
    none: {},
    since: { sinceMs: middle },
    until: { untilMs: middle },
    window: { sinceMs: middle, untilMs: middle + 60_000 },
    tenant: { tenant: "tenant-7" },
    "tenant that is not there": { tenant: "nobody" },
    route: { route: "/anthropic/v1/messages" },
    "route by its beginning": { route: "/v1/*" },
    "route that is not there": { route: "/nowhere/*" },
    status: { status: "500" },
    "class of status": { status: "4xx" },
    "frequent action": { type: "anonymised" },
    "frequent entity": { type: "EMAIL_ADDRESS" },
    "rare entity": { type: "IBAN_CODE" },
    injection: { type: "role_play" },
    "type that is not there": { type: "NOTHING" },
    notice: { type: "opened" },
  };
  const filters = Object.entries(single);
  for (const [name, filter] of Object.entries(single))
    filters.push(
      [`${name}, tenant`, { ...filter, tenant: "tenant-7" }],
      [`${name}, since`, { sinceMs: middle, ...filter }],
    );
  const after = { ts: String(middle), seq: String(count / 2), log_id: 1, hash: "00".repeat(32), line: "" };
  const plans: StatementPlan[] = [];
  for (const [name, filter] of filters)
    for (const [order, rows, start] of [
      ["newest first", 100, null],
      ["oldest first", 2_000, null],
      ["oldest first", 2_000, after],
    ] as const)
      plans.push(
        await planOf(database, `${name}: ${order}${start === null ? "" : " from the middle"}`, () =>
          pageStatement(database.schema, filter, order, rows, start),
        ),
      );
  return plans;
}

async function planOf(
  database: Database,
  name: string,
  statement: () => ReturnType<typeof pageStatement>,
): Promise<StatementPlan> {
  const { text, values } = statement();
  const lines = await database.query<{ "QUERY PLAN": string }>(`EXPLAIN (ANALYZE) ${text}`, values);
  const plan = lines.map((line) => line["QUERY PLAN"]).join("\n");
  return {
    name,
    scans: [...plan.matchAll(/((?:Parallel )?(?:Seq|Index|Index Only|Bitmap Heap|Bitmap Index) Scan)/g)].map(
      ([, kind]) => kind!,
    ),
    rows: Number(/actual time=\S+ rows=(\d+)/.exec(plan)?.[1]),
    durationMs: Number(/Execution Time: ([\d.]+) ms/.exec(plan)?.[1]),
  };
}

function toLine(sealed: string, chain: Chain, i: number): ShipLine {
  const { seq, hash } = chain;
  return {
    text: sealed.slice(0, -1),
    ts: FIRST_TS + i * STEP_MS,
    next: { ...SHIP_START, seq, hash, file: 1, bytes: seq },
  };
}
