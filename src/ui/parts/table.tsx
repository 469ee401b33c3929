import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { formatNumber } from "./format.ts";

/** One column of a table of `Row`s. */
export interface Column<Row> {
  readonly title: string;
  /** What is shown; numbers are right-aligned and sort by value. */
  readonly value: (row: Row) => string | number | null;
  /** Markup in place of the plain value. */
  readonly render?: (row: Row) => ComponentChildren;
}

/** A table whose columns sort on a click; the row `total`, if given, stays at the bottom. */
export function Table<Row>({
  columns,
  rows,
  total,
}: {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly total?: Row;
}) {
  const [order, setOrder] = useState<{ column: number; descending: boolean } | null>(null);
  const sorted = order === null ? rows : sortRows(rows, columns[order.column], order.descending);
  const isNumber = columns.map((column) => rows.some((row) => typeof column.value(row) === "number"));
  const cells = (row: Row) =>
    columns.map((column, index) => {
      const value = column.value(row);
      return (
        <td key={column.title} class={isNumber[index] === true ? "number" : undefined}>
          {column.render?.(row) ?? (typeof value === "number" ? formatNumber(value) : (value ?? "-"))}
        </td>
      );
    });
  return (
    <table>
      <thead>
        <tr>
          {columns.map((column, index) => (
            <th key={column.title} class={isNumber[index] === true ? "number" : undefined}>
              <button
                type="button"
                onClick={() =>
                  setOrder({
                    column: index,
                    descending: order?.column === index ? !order.descending : isNumber[index] === true,
                  })
                }
              >
                {column.title}
                {order?.column === index ? (order.descending ? " ↓" : " ↑") : ""}
              </button>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sorted.map((row, index) => (
          <tr key={index}>{cells(row)}</tr>
        ))}
        {total !== undefined && <tr class="total">{cells(total)}</tr>}
      </tbody>
    </table>
  );
}

function sortRows<Row>(
  rows: readonly Row[],
  column: Column<Row> | undefined,
  descending: boolean,
): readonly Row[] {
  if (column === undefined) return rows;
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    const left = column.value(a) ?? Number.NEGATIVE_INFINITY;
    const right = column.value(b) ?? Number.NEGATIVE_INFINITY;
    if (typeof left === "string" || typeof right === "string")
      return sign * String(left).localeCompare(String(right));
    return sign * (left - right);
  });
}
