import { parse as parseYaml } from "yaml";
import { parseTimeSpanSec, RampartError } from "#shared";
import { metricSpec } from "./metrics.ts";
import type { PublishedFigures, TargetLevel, TargetOperator, TargetRow, TargetTable } from "./types.ts";

const OPERATORS: readonly TargetOperator[] = ["<", "<=", ">", ">=", "=", "between"];
const LEVELS: readonly TargetLevel[] = ["critical", "warning", "condition"];
const ROW_FIELDS = new Set([
  ..."id label metric endpoint of op bound unit warning level sustained scenarios source note".split(" "),
]);
const TABLE_FIELDS = new Set(["name", "title", "document", "notes", "rows", "published"]);
const PUBLISHED_FIELDS = new Set("id scenario setting duration phase figures source note".split(" "));

/**
 * Reads a target table from YAML and checks every field.
 * @param fileName for messages only
 * @throws RMP_LAB_TARGETS_INVALID naming the row (by position and id) and the field
 */
export function parseTargets(text: string, fileName: string): TargetTable {
  const at = createReporter(fileName);
  let raw: unknown;
  try {
    raw = parseYaml(text);
  } catch (cause) {
    throw new RampartError("RMP_LAB_TARGETS_INVALID", `${fileName}: not valid YAML: ${messageOf(cause)}`, {
      cause,
    });
  }
  if (!isRecord(raw)) throw at("", "expected a mapping with name and rows");
  refuseUnknown(raw, TABLE_FIELDS, "", at);
  const rawRows = raw["rows"];
  if (!Array.isArray(rawRows) || rawRows.length === 0)
    throw at("rows", "expected a list with at least one row");
  const rows = rawRows.map((row, index) => parseRow(row, index, at));
  const seen = new Set<string>();
  for (const [index, row] of rows.entries()) {
    if (seen.has(row.id)) throw at(place(index, row.id, "id"), "is used by an earlier row");
    seen.add(row.id);
  }
  const published = raw["published"] ?? [];
  if (!Array.isArray(published)) throw at("published", "expected a list");
  return {
    name: textOf(raw["name"], "name", at),
    title: textOf(raw["title"] ?? raw["name"], "title", at),
    document: textOf(raw["document"] ?? "", "document", at, true),
    notes: textList(raw["notes"] ?? [], "notes", at),
    rows,
    published: published.map((entry, index) => parsePublished(entry, index, at)),
  };
}

type Reporter = (field: string, what: string) => RampartError;

function createReporter(fileName: string): Reporter {
  return (field, what) =>
    new RampartError("RMP_LAB_TARGETS_INVALID", `${fileName}: ${field === "" ? "" : `${field}: `}${what}`, {
      field,
    });
}

function parseRow(raw: unknown, index: number, at: Reporter): TargetRow {
  if (!isRecord(raw)) throw at(`rows[${index}]`, "expected a mapping");
  const id = raw["id"];
  if (typeof id !== "string" || !/^[a-z0-9][a-z0-9.-]*$/.test(id))
    throw at(`rows[${index}].id`, "expected lower-case letters, digits, dots and dashes");
  const here = (field: string) => place(index, id, field);
  refuseUnknown(raw, ROW_FIELDS, `rows[${index}] (${id})`, at);
  const metric = textOf(raw["metric"], here("metric"), at);
  const spec = metricSpec(metric);
  if (spec === undefined) throw at(here("metric"), `unknown metric "${metric}"`);
  const endpoints = raw["endpoint"] === undefined ? [] : textList(raw["endpoint"], here("endpoint"), at);
  if (endpoints.length > 0 && !spec.perEndpoint)
    throw at(here("endpoint"), `"${metric}" is measured for the whole run only`);
  const subject = raw["of"] === undefined ? null : textOf(raw["of"], here("of"), at);
  if (spec.needsSubject !== (subject !== null))
    throw at(here("of"), spec.needsSubject ? `"${metric}" needs it` : `"${metric}" takes none`);
  const op = oneOf(raw["op"], OPERATORS, here("op"), at);
  const [bound, upper] = parseBound(raw["bound"], op, here("bound"), at);
  const unit = raw["unit"] === undefined ? "" : textOf(raw["unit"], here("unit"), at, true);
  if (!(unit in spec.units))
    throw at(here("unit"), `"${metric}" is given in ${Object.keys(spec.units).map(quote).join(" or ")}`);
  const warning = raw["warning"] === undefined ? null : finite(raw["warning"], here("warning"), at);
  if (warning !== null && (op === "between" || op === "=" || !isTighter(op, warning, bound)))
    throw at(here("warning"), "must be tighter than the bound, with <, <=, > or >=");
  const scenarios = textList(raw["scenarios"], here("scenarios"), at);
  if (scenarios.length === 0) throw at(here("scenarios"), "name at least one scenario, or *");
  const sources = textList(raw["source"], here("source"), at);
  if (sources.length === 0) throw at(here("source"), "say where the figure comes from");
  return {
    id,
    label: textOf(raw["label"], here("label"), at),
    metric,
    endpoints,
    of: subject,
    op,
    bound,
    upper,
    unit,
    warning,
    level: raw["level"] === undefined ? "critical" : oneOf(raw["level"], LEVELS, here("level"), at),
    sustainedSec: raw["sustained"] === undefined ? null : timeSpan(raw["sustained"], here("sustained"), at),
    scenarios,
    sources,
    note: raw["note"] === undefined ? "" : textOf(raw["note"], here("note"), at, true),
  };
}

function parsePublished(raw: unknown, index: number, at: Reporter): PublishedFigures {
  if (!isRecord(raw)) throw at(`published[${index}]`, "expected a mapping");
  const here = (field: string) => `published[${index}].${field}`;
  refuseUnknown(raw, PUBLISHED_FIELDS, `published[${index}]`, at);
  const figures = raw["figures"];
  if (!isRecord(figures)) throw at(here("figures"), "expected a mapping of metric and value");
  return {
    id: textOf(raw["id"], here("id"), at),
    scenario: textOf(raw["scenario"], here("scenario"), at),
    setting: textOf(raw["setting"], here("setting"), at),
    durationSec: raw["duration"] === undefined ? null : timeSpan(raw["duration"], here("duration"), at),
    phase: raw["phase"] === undefined ? null : textOf(raw["phase"], here("phase"), at),
    figures: Object.fromEntries(
      Object.entries(figures).map(([name, value]) => [name, finite(value, here(`figures.${name}`), at)]),
    ),
    source: textOf(raw["source"], here("source"), at),
    note: raw["note"] === undefined ? "" : textOf(raw["note"], here("note"), at, true),
  };
}

function parseBound(raw: unknown, op: TargetOperator, field: string, at: Reporter): [number, number | null] {
  if (op !== "between") return [finite(raw, field, at), null];
  if (!Array.isArray(raw) || raw.length !== 2) throw at(field, "between needs a list of two numbers");
  const low = finite(raw[0], field, at);
  const high = finite(raw[1], field, at);
  if (low > high) throw at(field, "the first number must not exceed the second");
  return [low, high];
}

function isTighter(op: TargetOperator, warning: number, bound: number): boolean {
  return op === "<" || op === "<=" ? warning < bound : warning > bound;
}

function place(index: number, id: string, field: string): string {
  return `rows[${index}] (${id}).${field}`;
}

function refuseUnknown(
  raw: Record<string, unknown>,
  known: ReadonlySet<string>,
  where: string,
  at: Reporter,
): void {
  for (const field of Object.keys(raw))
    if (!known.has(field)) throw at(where === "" ? field : `${where}.${field}`, "unknown field");
}

function textOf(raw: unknown, field: string, at: Reporter, mayBeEmpty = false): string {
  if (typeof raw !== "string" || (!mayBeEmpty && raw.trim() === "")) throw at(field, "expected a text");
  return raw;
}

function textList(raw: unknown, field: string, at: Reporter): string[] {
  const list: unknown[] = Array.isArray(raw) ? raw : [raw];
  return list.map((entry) => textOf(entry, field, at));
}

function finite(raw: unknown, field: string, at: Reporter): number {
  if (typeof raw !== "number" || !Number.isFinite(raw)) throw at(field, "expected a number");
  return raw;
}

function timeSpan(raw: unknown, field: string, at: Reporter): number {
  try {
    return parseTimeSpanSec(String(raw), field);
  } catch (cause) {
    throw Object.assign(at(field, "expected a time span like 300, 20s, 5m or 1h30m"), { cause });
  }
}

function oneOf<T extends string>(raw: unknown, allowed: readonly T[], field: string, at: Reporter): T {
  const found = allowed.find((candidate) => candidate === raw);
  if (found === undefined) throw at(field, `expected ${allowed.map(quote).join(", ")}`);
  return found;
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === "object" && raw !== null && !Array.isArray(raw);
}

function quote(text: string): string {
  return text === "" ? "no unit" : `"${text}"`;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? (cause.message.split("\n")[0] ?? "") : "unknown";
}
