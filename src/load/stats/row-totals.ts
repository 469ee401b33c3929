/** Running totals of one method and name over all workers. */
import type { RequestStats } from "#contract";
import { Histogram } from "./histogram.ts";

/** Running totals of one method and name. */
export interface RowTotals {
  readonly method: string;
  readonly name: string;
  count: number;
  failures: number;
  bodyBytes: number;
  firstMs: number;
  lastMs: number;
  readonly fromDue: Histogram;
  readonly fromSent: Histogram;
}

/** Key of a method and name in the rows of a run and in the counts of its seconds. */
export function rowKey(method: string, name: string): string {
  return `${method}\n${name}`;
}

/** Method and name of a {@link rowKey}. */
export function splitRowKey(key: string): { readonly method: string; readonly name: string } {
  const end = key.indexOf("\n");
  return { method: key.slice(0, end), name: key.slice(end + 1) };
}

/** A row without requests. */
export function newRow(method: string, name: string): RowTotals {
  return {
    method,
    name,
    count: 0,
    failures: 0,
    bodyBytes: 0,
    firstMs: 0,
    lastMs: 0,
    fromDue: new Histogram(),
    fromSent: new Histogram(),
  };
}

/** Adds what was counted elsewhere to a row. */
export function addToRow(row: RowTotals, request: RequestStats): void {
  if (request.count > 0) {
    row.firstMs = row.count === 0 ? request.firstMs : Math.min(row.firstMs, request.firstMs);
    row.lastMs = Math.max(row.lastMs, request.lastMs);
  }
  row.count += request.count;
  row.failures += request.failures;
  row.bodyBytes += request.bodyBytes;
  row.fromDue.addData(request.fromDue);
  row.fromSent.addData(request.fromSent);
}

/** A row as result data. */
export function toRequestStats(row: RowTotals): RequestStats {
  return { ...row, fromDue: row.fromDue.toData(), fromSent: row.fromSent.toData() };
}

/** Order of rows: by name, then method. */
export function byNameAndMethod(a: RowTotals, b: RowTotals): number {
  return a.name === b.name ? (a.method < b.method ? -1 : 1) : a.name < b.name ? -1 : 1;
}
