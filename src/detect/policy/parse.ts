/** From an unknown value (YAML, JSON, code) to a policy, or an error that names the key. */
import { RampartError } from "#shared";
import type { EntityRule, OperatorKind, OutputAction, Policy } from "../types.ts";

/** Threshold of an entity that names none. */
export const DEFAULT_THRESHOLD = 0.5;

const OPERATORS: readonly OperatorKind[] = [
  "placeholder",
  "mask",
  "hash",
  "encrypt",
  "synthetic",
  "drop",
  "keep",
];
const ENTITY_NAME = /^[A-Z][A-Z0-9_]{0,59}$/;
const TOP_KEYS = [
  "name",
  "description",
  "entities",
  "allow",
  "deny",
  "restoreIn",
  "patterns",
  "injection",
  "output",
  "images",
] as const;
const OUTPUT_ACTIONS = ["redact", "block"] as const;
const RULE_KEYS = ["operator", "threshold", "placeholder", "keepFirst", "keepLast"] as const;

/**
 * Checks a policy and fills in what may be left out (threshold 0.5, no lists, nothing restored beyond plain text,
 * injection flagged at 0.5). An entity may be given as a bare operator name.
 * @throws RMP_DETECT_POLICY_INVALID with the key in `field`
 */
export function parsePolicy(value: unknown): Policy {
  const policy = record(value, "policy", TOP_KEYS);
  const entities: Record<string, EntityRule> = {};
  for (const [type, rule] of Object.entries(record(policy["entities"], "entities"))) {
    if (!ENTITY_NAME.test(type))
      fail(`entities.${type}`, "an entity is upper-case letters, digits, underscores");
    entities[type] = parseRule(rule, `entities.${type}`);
  }
  const restoreIn = record(policy["restoreIn"] ?? {}, "restoreIn", ["urls", "toolCalls"]);
  const injection = record(policy["injection"] ?? {}, "injection", ["action", "threshold"]);
  return {
    name: string(policy["name"], "name"),
    description: string(policy["description"] ?? "", "description"),
    entities,
    allow: strings(policy["allow"], "allow"),
    deny: strings(policy["deny"], "deny"),
    restoreIn: {
      urls: flag(restoreIn["urls"] ?? false, "restoreIn.urls"),
      toolCalls: flag(restoreIn["toolCalls"] ?? false, "restoreIn.toolCalls"),
    },
    patterns: list(policy["patterns"], "patterns").map((entry, index) =>
      parsePattern(entry, `patterns[${index}]`),
    ),
    injection: {
      action: oneOf(injection["action"] ?? "flag", ["off", "flag", "block"] as const, "injection.action"),
      threshold: share(injection["threshold"] ?? DEFAULT_THRESHOLD, "injection.threshold"),
    },
    output: parseOutput(policy["output"] ?? "off", entities),
    images: oneOf(policy["images"] ?? "skip", ["skip", "inspect", "block"] as const, "images"),
  };
}

/** One action for every entity that the policy does not keep, or a mapping of entities to actions. */
function parseOutput(
  value: unknown,
  entities: Readonly<Record<string, EntityRule>>,
): Record<string, OutputAction> {
  const output: Record<string, OutputAction> = {};
  if (typeof value === "string") {
    const action = oneOf(value, ["off", ...OUTPUT_ACTIONS] as const, "output");
    if (action !== "off")
      for (const [type, { operator }] of Object.entries(entities))
        if (operator !== "keep") output[type] = action;
    return output;
  }
  for (const [type, action] of Object.entries(record(value, "output"))) {
    if (!Object.hasOwn(entities, type)) fail(`output.${type}`, "the policy does not look for this entity");
    output[type] = oneOf(action, OUTPUT_ACTIONS, `output.${type}`);
  }
  return output;
}

function parseRule(value: unknown, key: string): EntityRule {
  if (typeof value === "string") {
    return { operator: oneOf(value, OPERATORS, key), threshold: DEFAULT_THRESHOLD };
  }
  const rule = record(value, key, RULE_KEYS);
  const placeholder = rule["placeholder"];
  if (placeholder !== undefined && !(typeof placeholder === "string" && ENTITY_NAME.test(placeholder))) {
    fail(`${key}.placeholder`, "a placeholder name is upper-case letters, digits, underscores");
  }
  return {
    operator: oneOf(rule["operator"] ?? "placeholder", OPERATORS, `${key}.operator`),
    threshold: share(rule["threshold"] ?? DEFAULT_THRESHOLD, `${key}.threshold`),
    ...(typeof placeholder === "string" ? { placeholder } : {}),
    ...(rule["keepFirst"] === undefined ? {} : { keepFirst: count(rule["keepFirst"], `${key}.keepFirst`) }),
    ...(rule["keepLast"] === undefined ? {} : { keepLast: count(rule["keepLast"], `${key}.keepLast`) }),
  };
}

function parsePattern(value: unknown, key: string): Policy["patterns"][number] {
  const entry = record(value, key, ["name", "pattern", "score"]);
  const name = string(entry["name"], `${key}.name`);
  if (!ENTITY_NAME.test(name)) fail(`${key}.name`, "an entity is upper-case letters, digits, underscores");
  return {
    name,
    pattern: string(entry["pattern"], `${key}.pattern`),
    score: share(entry["score"] ?? 0.85, `${key}.score`),
  };
}

function record(value: unknown, key: string, known?: readonly string[]): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) fail(key, "a mapping is needed");
  // A non-null object that is no array: its values stay unknown.
  const mapping = value as Record<string, unknown>;
  if (known !== undefined) {
    for (const name of Object.keys(mapping)) {
      if (!known.includes(name)) fail(key === "policy" ? name : `${key}.${name}`, "this key is not known");
    }
  }
  return mapping;
}

function list(value: unknown, key: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) fail(key, "a list is needed");
  return value;
}

function strings(value: unknown, key: string): string[] {
  return list(value, key).map((entry, index) => string(entry, `${key}[${index}]`));
}

function string(value: unknown, key: string): string {
  if (typeof value !== "string") fail(key, "a text is needed");
  return value;
}

function flag(value: unknown, key: string): boolean {
  if (typeof value !== "boolean") fail(key, "true or false is needed");
  return value;
}

function share(value: unknown, key: string): number {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) fail(key, "a number from 0 to 1 is needed");
  return value;
}

function count(value: unknown, key: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    fail(key, "a whole number of characters is needed");
  }
  return value;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], key: string): T {
  const found = allowed.find((entry) => entry === value);
  if (found === undefined) fail(key, `one of ${allowed.join(", ")} is needed`);
  return found;
}

function fail(key: string, problem: string): never {
  throw new RampartError("RMP_DETECT_POLICY_INVALID", `policy: ${key}: ${problem}`, { field: key });
}
