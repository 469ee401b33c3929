/** Data for virtual users: rows of an array, a CSV file or a JSON-lines file. */
import { readFileSync } from "node:fs";
import { RampartError } from "#shared";
import type { User } from "./user-types.ts";

/**
 * Which row comes next. `random`: any, with repetition. `sequential`: one after another over all users and workers, from
 * the start again after the last. `unique`: one row for each user, the same at every call, never shared by two users; a
 * user for whom none is left ends.
 */
export type FeederOrder = "random" | "sequential" | "unique";

/** Hands out rows. */
export interface Feeder<T> {
  readonly size: number;
  next(user: Pick<User, "id" | "random" | "worker" | "stop">): T;
}

/** Rows of an array. @throws RMP_LOAD_SCENARIO_INVALID when it is empty */
export function feedArray<T>(rows: readonly T[], order: FeederOrder = "random"): Feeder<T> {
  if (rows.length === 0) throw invalid("feeder", "has no rows");
  let calls = 0;
  const at = (index: number): T => rows[index % rows.length]!;
  return {
    size: rows.length,
    next: (user) => {
      if (order === "random") return at(Math.floor(user.random() * rows.length));
      if (order === "sequential") return at(calls++ * user.worker.count + user.worker.index);
      return user.id < rows.length ? at(user.id) : user.stop();
    },
  };
}

/**
 * Rows of a CSV file (RFC 4180) as objects keyed by its first line.
 * @param file path, or a URL such as `new URL("./texts.csv", import.meta.url)`
 * @throws RMP_LOAD_SCENARIO_INVALID when it cannot be read
 */
export function feedCsv(
  file: string | URL,
  order: FeederOrder = "random",
): Feeder<Readonly<Record<string, string>>> {
  const [header, ...lines] = parseCsv(read(file));
  if (header === undefined) throw invalid(String(file), "has no header line");
  return feedArray(
    lines.map((cells, index) => {
      if (cells.length !== header.length)
        throw invalid(`${file}`, `row ${index + 2} has ${cells.length} cells instead of ${header.length}`);
      return Object.fromEntries(header.map((name, column) => [name, cells[column]!]));
    }),
    order,
  );
}

/** Rows of a file with one JSON value per line; empty lines are skipped. @throws RMP_LOAD_SCENARIO_INVALID */
export function feedJsonLines<T = unknown>(file: string | URL, order: FeederOrder = "random"): Feeder<T> {
  const rows: T[] = [];
  for (const [index, line] of read(file).split("\n").entries()) {
    if (line.trim() === "") continue;
    try {
      // The caller states the shape of its own file; nothing here can check it.
      rows.push(JSON.parse(line) as T);
    } catch (cause) {
      throw invalid(`${file}`, `line ${index + 1} is no JSON`, cause);
    }
  }
  return feedArray(rows, order);
}

/** Cells of a CSV text (RFC 4180): quotes, doubled quotes, line breaks within quotes. Empty lines are skipped. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  const content = text.replace(/^\uFEFF/, "");
  let at = 0;
  while (at <= content.length) {
    const { cell, end } =
      content[at] === '"' ? quotedCell(content, at, rows.length + 1) : plainCell(content, at);
    row.push(cell);
    at = end + 1;
    if (content[end] === ",") continue;
    if (content[end] === "\r") at += 1;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}

/** A cell without quotes; `end` is the separator after it. */
function plainCell(text: string, start: number): { cell: string; end: number } {
  let end = start;
  while (
    end < text.length &&
    text[end] !== "," &&
    text[end] !== "\n" &&
    !(text[end] === "\r" && text[end + 1] === "\n")
  )
    end += 1;
  return { cell: text.slice(start, end), end };
}

function quotedCell(text: string, start: number, line: number): { cell: string; end: number } {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && text[quote + 1] === '"') quote = text.indexOf('"', quote + 2);
  const end = quote + 1;
  const isClosed =
    quote >= 0 && (end === text.length || text[end] === "," || text[end] === "\n" || text[end] === "\r");
  if (!isClosed) throw invalid("csv", `row ${line} has a stray quote`);
  return { cell: text.slice(start + 1, quote).replaceAll('""', '"'), end };
}

function read(file: string | URL): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw invalid(String(file), "cannot be read", cause);
  }
}

function invalid(field: string, problem: string, cause?: unknown): RampartError {
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `${field}: ${problem}`, { field, cause });
}
