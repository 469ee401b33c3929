import { type AuditEntry, createAuditReader } from "./reader.ts";
import type { AuditRecord, ExchangeRecord } from "./record.ts";

/** Which records are wanted; a field left out does not narrow. */
export interface AuditFilter {
  /** Not before, milliseconds since the Unix epoch. */
  readonly sinceMs?: number;
  /** Not after, milliseconds since the Unix epoch. */
  readonly untilMs?: number;
  readonly tenant?: string;
  /** Name of a route; one that ends in `*` stands for all that begin so. */
  readonly route?: string;
  /** Entity type, type of injection, action, or kind of record. */
  readonly type?: string;
  /** `404`, or `4xx` for all of a class. */
  readonly status?: string;
}

/** A record of a request as it stands in the log. */
export type AuditExchange = AuditRecord & ExchangeRecord;

/** The lines of all logs of a directory that a filter wants, log by log. Lines that cannot be read are left out. */
export async function* selectAudit(dir: string, filter: AuditFilter): AsyncGenerator<readonly AuditEntry[]> {
  const reader = createAuditReader(dir);
  for (const log of await reader.logs())
    for await (const entries of reader.read(log)) {
      const wanted = entries.filter(({ record }) => record !== null && isWanted(record, filter));
      if (wanted.length > 0) yield wanted;
    }
}

/** The newest records that a filter wants, newest last. Memory is bounded by the limit. */
export async function queryAudit(
  dir: string,
  filter: AuditFilter,
  limit: number,
): Promise<readonly AuditRecord[]> {
  let newest: AuditRecord[] = [];
  for await (const entries of selectAudit(dir, filter)) {
    for (const { record } of entries) if (record !== null) newest.push(record);
    if (newest.length > 2 * limit) newest = newestOf(newest, limit);
  }
  return newestOf(newest, limit);
}

function newestOf(records: AuditRecord[], limit: number): AuditRecord[] {
  return limit === 0 ? [] : records.sort((a, b) => a.ts - b.ts || a.seq - b.seq).slice(-limit);
}

/** Without a type only records of requests are wanted. */
function isWanted(record: AuditRecord, filter: AuditFilter): boolean {
  const { sinceMs, untilMs, tenant, route, type, status } = filter;
  if (sinceMs !== undefined && record.ts < sinceMs) return false;
  if (untilMs !== undefined && record.ts > untilMs) return false;
  if (record.kind !== "exchange")
    return record.kind === type && tenant === undefined && route === undefined && status === undefined;
  if (tenant !== undefined && record.tenant !== tenant) return false;
  if (route !== undefined && !covers(route, record.route)) return false;
  if (status !== undefined && !isStatus(status, record.status)) return false;
  return type === undefined || hasType(record, type);
}

function hasType({ kind, action, findingsByType, injection }: ExchangeRecord, type: string): boolean {
  return (
    kind === type ||
    action === type ||
    Object.hasOwn(findingsByType, type) ||
    injection?.types.includes(type) === true
  );
}

function covers(pattern: string, route: string): boolean {
  return pattern.endsWith("*") ? route.startsWith(pattern.slice(0, -1)) : route === pattern;
}

function isStatus(pattern: string, status: number): boolean {
  return /^\dxx$/i.test(pattern)
    ? Math.floor(status / 100) === Number(pattern[0])
    : status === Number(pattern);
}
