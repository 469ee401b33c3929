import type { CheckStats, ErrorStats, ExceptionStats } from "#contract";
import { formatDate, formatNumber } from "./format.ts";
import { Table } from "./table.tsx";

/** Failed requests by name, family and message. */
export function ErrorTable({ rows }: { readonly rows: readonly ErrorStats[] }) {
  return (
    <Table
      rows={rows}
      columns={[
        { title: "Name", value: (row) => `${row.method} ${row.name}` },
        { title: "Family", value: (row) => row.family },
        { title: "Message", value: (row) => row.message },
        { title: "Count", value: (row) => row.count },
        { title: "First seen", value: (row) => formatDate(row.firstSeenMs) },
        { title: "Last seen", value: (row) => formatDate(row.lastSeenMs) },
      ]}
    />
  );
}

/** Exceptions thrown by scenario code. */
export function ExceptionTable({ rows }: { readonly rows: readonly ExceptionStats[] }) {
  return (
    <Table
      rows={rows}
      columns={[
        { title: "Message", value: (row) => row.message },
        { title: "Count", value: (row) => row.count },
        { title: "Traceback", value: (row) => row.traceback, render: (row) => <code>{row.traceback}</code> },
      ]}
    />
  );
}

/** Checks on the answers and how often they held. */
export function CheckTable({ rows }: { readonly rows: readonly CheckStats[] }) {
  return (
    <Table
      rows={rows}
      columns={[
        { title: "Check", value: (row) => row.name },
        { title: "Held", value: (row) => row.passes },
        {
          title: "Did not hold",
          value: (row) => row.fails,
          render: (row) => (
            <span style={row.fails > 0 ? "color: var(--fail)" : ""}>{formatNumber(row.fails)}</span>
          ),
        },
      ]}
    />
  );
}
