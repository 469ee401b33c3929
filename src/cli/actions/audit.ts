/** What `rampart audit` does. */
import { once } from "node:events";
import pc from "picocolors";
import {
  AUDIT_CSV_HEADER,
  type AuditFilter,
  type AuditRecord,
  auditCsvLine,
  queryAudit,
  queryAuditDatabase,
  selectAudit,
  selectAuditDatabase,
  verifyAudit,
  verifyAuditDatabase,
} from "#gateway";
import { EXIT, epochMs, parseTimeSpanSec, RampartError } from "#shared";
import { type AuditSource, auditSource, type SourceFlags } from "../audit-source.ts";

/** Flags of `rampart audit verify`. */
export interface VerifyOptions extends SourceFlags {
  readonly head?: string;
  readonly json?: boolean;
}

/** Flags that narrow. */
export interface FilterOptions extends SourceFlags {
  readonly since?: string;
  readonly until?: string;
  readonly tenant?: string;
  readonly route?: string;
  readonly type?: string;
  readonly status?: string;
}

/** Flags of `rampart audit query`. */
export interface QueryOptions extends FilterOptions {
  readonly limit: number;
  readonly json?: boolean;
}

/** Flags of `rampart audit export`. */
export interface ExportOptions extends FilterOptions {
  readonly format: "jsonl" | "csv";
}

/** Checks the chain and prints what was found. @returns 0 or 99 */
export async function verify(options: VerifyOptions): Promise<number> {
  const { head, json } = options;
  const source = auditSource(options, process.env, false);
  const found = await reading(source, () =>
    source.kind === "disk" ? verifyAudit(source.dir, head) : verifyAuditDatabase(source.database, head),
  );
  const isSound = found.faults.length === 0;
  const lines = json === true ? [JSON.stringify({ isSound, ...found }, null, 2)] : [];
  if (json !== true) {
    const { records, exchanges, files, dropped, removedFiles, tornBytes, missed, firstTs, lastTs } = found;
    const where = source.kind === "disk" ? `${files} files` : `the database, ${found.heads.length} logs`;
    for (const { file, line, problem } of found.faults)
      lines.push(`${pc.red("broken")} ${file}:${line} ${problem}`);
    lines.push(
      `${isSound ? pc.green("sound") : pc.red("not sound")}: ${records} records (${exchanges} requests) in ${where}`,
      `first ${iso(firstTs)}, last ${iso(lastTs)}`,
    );
    if (dropped > 0) lines.push(`${dropped} requests were not recorded: the queue was full`);
    if (removedFiles > 0) lines.push(`${removedFiles} oldest files were removed by the bound on size`);
    if (missed > 0)
      lines.push(`${missed} records were removed from disk, or unreadable, before they were copied`);
    if (tornBytes > 0) lines.push(`${tornBytes} bytes of an unfinished write at the end`);
    for (const { log, seq, hash, isClosed } of found.heads)
      lines.push(`log ${log}: ends at ${seq} ${hash}${isClosed ? "" : " (in use, or ended by a crash)"}`);
  }
  process.stdout.write(`${lines.join("\n")}\n`);
  return isSound ? EXIT.done : EXIT.failed;
}

/** Prints the newest requests that match. */
export async function query(options: QueryOptions): Promise<void> {
  const filter = toFilter(options);
  const source = auditSource(options, process.env, true);
  const records = await reading(source, () =>
    source.kind === "disk"
      ? queryAudit(source.dir, filter, options.limit)
      : queryAuditDatabase(source.database, filter, options.limit),
  );
  for (const record of records)
    process.stdout.write(`${options.json === true ? JSON.stringify(record) : row(record)}\n`);
  if (records.length === 0) process.stderr.write("rampart: no request matches\n");
}

/** Prints every request that matches, at the pace of the reader of stdout. */
export async function exportAll(options: ExportOptions): Promise<void> {
  const filter = toFilter(options);
  const source = auditSource(options, process.env, true);
  await reading(source, async () => {
    if (options.format === "csv") await print(`${AUDIT_CSV_HEADER}\r\n`);
    const found =
      source.kind === "disk" ? selectAudit(source.dir, filter) : selectAuditDatabase(source.database, filter);
    for await (const entries of found) {
      let text = "";
      for (const { record, line } of entries)
        if (options.format === "jsonl") text += `${line.toString("utf8")}\n`;
        else if (record?.kind === "exchange") text += `${auditCsvLine(record)}\r\n`;
      await print(text);
    }
  });
}

/** Ends the connection to the database whatever the work comes to. */
async function reading<T>(source: AuditSource, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    if (source.kind === "postgres") await source.database.close();
  }
}

async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

function toFilter({ since, until, tenant, route, type, status }: FilterOptions): AuditFilter {
  if (status !== undefined && !/^\d(?:\d\d|xx)$/i.test(status))
    throw new RampartError("RMP_CLI_USAGE", "--status: expected a code such as 404 or a class such as 4xx", {
      field: "status",
    });
  return {
    ...(since === undefined ? {} : { sinceMs: moment(since, "since") }),
    ...(until === undefined ? {} : { untilMs: moment(until, "until") }),
    ...(tenant === undefined ? {} : { tenant }),
    ...(route === undefined ? {} : { route }),
    ...(type === undefined ? {} : { type }),
    ...(status === undefined ? {} : { status }),
  };
}

/** @returns milliseconds since the Unix epoch */
function moment(text: string, flag: string): number {
  const atMs = /^\d{4}-\d\d/.test(text) ? Date.parse(text) : epochMs() - 1000 * timeSpanSec(text);
  if (Number.isNaN(atMs))
    throw new RampartError("RMP_CLI_USAGE", `--${flag}: expected ISO 8601 or a time span such as 1h30m`, {
      field: flag,
    });
  return atMs;
}

function timeSpanSec(text: string): number {
  try {
    return parseTimeSpanSec(text);
  } catch {
    return Number.NaN;
  }
}

function row(record: AuditRecord): string {
  if (record.kind !== "exchange") {
    const { v: _v, seq, ts, prev: _prev, hash: _hash, ...facts } = record;
    return `${iso(ts)}  #${seq}  ${JSON.stringify(facts)}`;
  }
  const { ts, status, action, route, tenant, findingsByType, injection, durationMs, errorCode, requestId } =
    record;
  const found = Object.entries(findingsByType).map(([type, count]) => `${type}:${count}`);
  const judged = injection === null ? [] : [`injection ${injection.level} ${injection.score}`];
  const facts = [...found, ...judged, ...(errorCode === null ? [] : [errorCode])].join(", ");
  return `${iso(ts)}  ${status}  ${action.padEnd(10)}  ${route}  ${tenant ?? "-"}  ${facts || "-"}  ${durationMs} ms  ${requestId ?? "-"}`;
}

function iso(epochMs: number | null): string {
  return epochMs === null ? "-" : new Date(epochMs).toISOString();
}
