import type { ReportRequestRow } from "#contract";
import { formatNumber } from "../parts/format.ts";
import { Table } from "../parts/table.tsx";

/** Requests by method and name with latencies from due, and beside them P95 from sent. */
export function RequestTable({ rows }: { readonly rows: readonly ReportRequestRow[] }) {
  const total = rows.at(-1);
  return (
    <>
      <Table
        rows={rows.slice(0, -1)}
        {...(total === undefined ? {} : { total })}
        columns={[
          { title: "Method", value: (row) => row.method },
          { title: "Name", value: (row) => row.name, render: (row) => <span class="mono">{row.name}</span> },
          { title: "Requests", value: (row) => row.requests },
          {
            title: "Failures",
            value: (row) => row.failures,
            render: (row) => (
              <span style={row.failures > 0 ? "color: var(--fail)" : ""}>
                {formatNumber(row.failures)} ({row.failurePercent.toFixed(2)} %)
              </span>
            ),
          },
          { title: "Average ms", value: (row) => row.meanMs },
          { title: "Median ms", value: (row) => row.p50Ms },
          { title: "P90 ms", value: (row) => row.p90Ms },
          { title: "P95 ms", value: (row) => row.p95Ms },
          { title: "P99 ms", value: (row) => row.p99Ms },
          { title: "Max ms", value: (row) => row.maxMs },
          { title: "P95 from sent", value: (row) => row.sentP95Ms },
          { title: "Req/s", value: (row) => row.requestsPerSec },
          { title: "Mean bytes", value: (row) => row.meanBodyBytes },
        ]}
      />
      <p class="muted">
        Latencies count from the moment a request was due; P95 from sent stands beside it. Where the two
        differ, requests waited in the generator or for a connection.
      </p>
    </>
  );
}
