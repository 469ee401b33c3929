import type { SqlValue } from "../../stores/postgres/database.ts";
import type { AuditFilter } from "../query.ts";

/** Kinds of records about the log itself. */
const NOTICE_KINDS = new Set(["file", "opened", "closed", "cut", "broken", "dropped", "removed"]);

/** Conditions of a statement, joined by AND, and their values. */
export interface Conditions {
  readonly texts: string[];
  readonly values: SqlValue[];
}

/** A filter as SQL: the same records as on disk, each condition served by an index. */
export function conditionsOf(filter: AuditFilter): Conditions {
  const { sinceMs, untilMs, tenant, route, type, status } = filter;
  const texts: string[] = [];
  const values: SqlValue[] = [];
  const add = (text: string, ...given: SqlValue[]): void => {
    texts.push(text.replace(/\?/g, () => `$${values.push(given.shift() ?? null)}`));
  };
  if (type !== undefined && NOTICE_KINDS.has(type)) add("kind <> 'exchange' AND kind = ?", type);
  else {
    texts.push("kind = 'exchange'");
    if (type !== undefined && type !== "exchange") add("types @> ARRAY[?::text]", type);
  }
  // A bigint holds no fractions.
  if (sinceMs !== undefined) add("ts >= ?", Math.ceil(sinceMs));
  if (untilMs !== undefined) add("ts <= ?", Math.floor(untilMs));
  if (tenant !== undefined) add("tenant = ?", tenant);
  if (route?.endsWith("*") === true) add("route LIKE ?", `${escapeLike(route.slice(0, -1))}%`);
  else if (route !== undefined) add("route = ?", route);
  if (status !== undefined) {
    const first = Number(status[0]) * 100;
    if (/xx$/i.test(status)) add("status BETWEEN ? AND ?", first, first + 99);
    else add("status = ?", Number(status));
  }
  return { texts, values };
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
