import type { RowOutcome, RunVerdict } from "#contract";
import { Table } from "./table.tsx";

const ROW_CLASSES: Readonly<Record<RowOutcome, string>> = {
  pass: "pass",
  fail: "fail",
  warn: "warn",
  "not-measured": "",
};

/** A run's outcome as a coloured badge. */
export function OutcomeBadge({
  outcome,
  large = false,
}: {
  readonly outcome: string;
  readonly large?: boolean;
}) {
  const tone =
    outcome === "PASS" ? "pass" : outcome === "FAIL" ? "fail" : outcome === "INVALID" ? "warn" : "";
  return <span class={`badge ${tone} ${large ? "large" : ""}`}>{outcome}</span>;
}

/** The target rows of a verdict: failed first, not measured last. */
export function VerdictTable({ verdict }: { readonly verdict: RunVerdict }) {
  const order: readonly RowOutcome[] = ["fail", "warn", "pass", "not-measured"];
  const rows = [...verdict.rows].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  return (
    <Table
      rows={rows}
      columns={[
        {
          title: "Outcome",
          value: (row) => row.outcome,
          render: (row) => (
            <span class={`badge ${ROW_CLASSES[row.outcome]}`}>{row.outcome.replace("-", " ")}</span>
          ),
        },
        { title: "Target", value: (row) => row.label },
        {
          title: "Endpoint",
          value: (row) => row.endpoint ?? "whole run",
          render: (row) => <Clipped text={row.endpoint ?? "whole run"} />,
        },
        {
          title: "Bound",
          value: (row) => row.bound,
          render: (row) => <span class="nowrap">{row.bound}</span>,
        },
        { title: "Measured", value: (row) => row.measuredText, render: (row) => <b>{row.measuredText}</b> },
        {
          title: "Source",
          value: (row) => row.source,
          render: (row) => <Clipped text={row.note === "" ? row.source : `${row.source}; ${row.note}`} />,
        },
      ]}
    />
  );
}

/** A long text on one line; the whole of it shows under the pointer. */
function Clipped({ text }: { readonly text: string }) {
  return (
    <span class="clipped muted" title={text}>
      {text}
    </span>
  );
}
