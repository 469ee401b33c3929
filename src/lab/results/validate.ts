import { RUN_SCHEMA_VERSION, type RunResult } from "#contract";
import { RampartError } from "#shared";

const OBJECTS = ["scenario", "plan", "total", "health", "environment"] as const;
const LISTS = ["requests", "series", "errors", "exceptions", "checks", "metrics"] as const;
const NUMBERS = ["startedAtMs", "endedAtMs"] as const;

/**
 * Checks that a parsed value has the shape of a results file of a version that can be read.
 * @param where name of the file, for messages
 * @throws RMP_LAB_RESULT_INVALID naming the field
 */
export function checkRunResult(value: unknown, where: string): RunResult {
  const refuse = (field: string, what: string) => {
    throw new RampartError("RMP_LAB_RESULT_INVALID", `${where}: ${field}: ${what}`, { field });
  };
  if (!isRecord(value)) return refuse("", "not a results file");
  const version = value["schemaVersion"];
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1)
    return refuse("schemaVersion", "missing, so this is not a results file of rampart load");
  if (version > RUN_SCHEMA_VERSION)
    return refuse(
      "schemaVersion",
      `is ${version}; this build reads up to ${RUN_SCHEMA_VERSION}, use a newer rampart`,
    );
  if (typeof value["id"] !== "string") return refuse("id", "expected a text");
  for (const field of OBJECTS) if (!isRecord(value[field])) return refuse(field, "expected an object");
  for (const field of LISTS) if (!Array.isArray(value[field])) return refuse(field, "expected a list");
  for (const field of NUMBERS)
    if (typeof value[field] !== "number" || !Number.isFinite(value[field]))
      return refuse(field, "expected a number");
  const total = value["total"];
  if (!isRecord(total) || !isRecord(total["fromDue"]) || typeof total["count"] !== "number")
    return refuse("total", "has no counts or histogram");
  if (!isRecord(value["observed"])) return refuse("observed", "expected an object");
  // The fields that reports read were checked above; the rest of a file that rampart load wrote follows the schema.
  return value as unknown as RunResult;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
