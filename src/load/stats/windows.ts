import type { HistogramData, WindowRow, WindowStats } from "#contract";
import { Histogram } from "./histogram.ts";
import { splitRowKey } from "./row-totals.ts";

/** Windows kept at most; when there are twice as many, neighbours are joined and windows last twice as long. */
const MAX_WINDOWS = 120;

/** What a finished second held, by `METHOD\nname`. */
export type SecondByName = ReadonlyMap<
  string,
  { readonly requests: number; readonly failures: number; readonly fromDue: readonly HistogramData[] }
>;

/**
 * Statistics per name over equal stretches of the run, for comparisons that need to know how figures vary within it.
 * Starts with one second and doubles, so that memory stays bounded however long the run is.
 */
export class WindowSeries {
  #lengthSec = 1;
  #windows: WindowStats[] = [];

  /** Adds a finished second; seconds come in order. */
  add(tSec: number, byName: SecondByName): void {
    const rows = [...byName].map(([key, named]) => toRow(key, named));
    const open = this.#windows.at(-1);
    const fromSec = Math.floor(tSec / this.#lengthSec) * this.#lengthSec;
    if (open !== undefined && open.fromSec === fromSec)
      this.#windows[this.#windows.length - 1] = joined(open, { fromSec, toSec: tSec + 1, rows });
    else this.#windows.push({ fromSec, toSec: tSec + 1, rows });
    if (this.#windows.length > 2 * MAX_WINDOWS) this.#double();
  }

  /** Forgets all windows. */
  reset(): void {
    this.#windows = [];
    this.#lengthSec = 1;
  }

  /** The windows so far, at most {@link MAX_WINDOWS}, oldest first. */
  toData(): readonly WindowStats[] {
    while (this.#windows.length > MAX_WINDOWS) this.#double();
    return this.#windows;
  }

  #double(): void {
    this.#lengthSec *= 2;
    const wider: WindowStats[] = [];
    for (const window of this.#windows) {
      const fromSec = Math.floor(window.fromSec / this.#lengthSec) * this.#lengthSec;
      const last = wider.at(-1);
      if (last !== undefined && last.fromSec === fromSec) wider[wider.length - 1] = joined(last, window);
      else wider.push({ ...window, fromSec });
    }
    this.#windows = wider;
  }
}

function toRow(
  key: string,
  named: { readonly requests: number; readonly failures: number; readonly fromDue: readonly HistogramData[] },
): WindowRow {
  const { method, name } = splitRowKey(key);
  return {
    method,
    name,
    count: named.requests,
    failures: named.failures,
    fromDue: mergedHistogram(named.fromDue),
  };
}

function joined(first: WindowStats, second: WindowStats): WindowStats {
  const rows = [...first.rows];
  for (const row of second.rows) {
    const index = rows.findIndex((other) => other.name === row.name && other.method === row.method);
    const same = rows[index];
    if (same === undefined) rows.push(row);
    else
      rows[index] = {
        ...same,
        count: same.count + row.count,
        failures: same.failures + row.failures,
        fromDue: mergedHistogram([same.fromDue, row.fromDue]),
      };
  }
  return { fromSec: first.fromSec, toSec: second.toSec, rows };
}

function mergedHistogram(parts: readonly HistogramData[]): HistogramData {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const merged = new Histogram();
  for (const part of parts) merged.addData(part);
  return merged.toData();
}
