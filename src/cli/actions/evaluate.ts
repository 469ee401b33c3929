/** `rampart eval`: runs a detector over labelled JSON lines and puts the figures together. */
import { writeFileSync } from "node:fs";
import { createGuard, createShippedBiasDetector, createShippedGroundingDetector } from "#backends";
import {
  DEFAULT_POLICY,
  type EntityRule,
  type Guard,
  type PiiItem,
  piiScoreLine,
  predictPii,
  reportBinary,
  type ScoredItem,
  scorePii,
} from "#detect";
import { RampartError } from "#shared";
import { readText } from "../input.ts";

/** Score from which on injection, bias and grounding items count as flagged; the shipped models are calibrated to it. */
const THRESHOLD = 0.5;

/** Items judged before the clock starts, so that model loading and compilation do not count as cost per item. */
const WARM_UP_ITEMS = 50;

type Item = Readonly<Record<string, unknown>>;

/** What an evaluation makes of every item: a score for yes/no detectors. */
interface BinaryKind {
  /** Text fields that every item must have. */
  readonly fields: readonly string[];
  readonly createScore: () => (item: Item) => number;
}

const BINARY_KINDS: Readonly<Record<string, BinaryKind>> = {
  injection: {
    fields: ["text"],
    createScore: () => {
      const guard = createGuard();
      return (item) => guard.detectInjection(textOf(item, "text")).score;
    },
  },
  bias: {
    fields: ["text"],
    createScore: () => {
      const detector = createShippedBiasDetector();
      return (item) => detector.audit({ text: textOf(item, "text") }).score;
    },
  },
  grounding: {
    fields: ["context", "answer"],
    createScore: () => {
      const detector = createShippedGroundingDetector();
      return (item) => {
        const question = textOf(item, "question");
        const input = { answer: textOf(item, "answer"), context: textOf(item, "context") };
        return detector.assess(question === "" ? input : { ...input, question }).hallucinationRisk;
      };
    },
  },
};

/**
 * Evaluates one kind of detector.
 * @param kind `pii`, `injection`, `bias` or `grounding`
 * @param dataFile JSON lines with `id`, the kind's text fields, and `label` (0 or 1) or `spans`
 * @param scoresFile when given, one JSON line per item is written there
 * @throws RMP_CLI_USAGE for an unknown kind, RMP_CONFIG_NOT_FOUND, RMP_REQ_INVALID naming the line
 */
export async function runEvaluation(
  kind: string,
  dataFile: string,
  scoresFile: string | undefined,
): Promise<object> {
  const binary = BINARY_KINDS[kind];
  if (binary === undefined && kind !== "pii")
    throw new RampartError("RMP_CLI_USAGE", `eval: ${kind} is none of pii, injection, bias, grounding`, {
      field: "kind",
    });
  const items = readItems(dataFile, binary?.fields ?? ["text"], binary === undefined ? "spans" : "label");
  return binary === undefined
    ? evaluatePii(items as unknown as PiiItem[], scoresFile) // readItems checked text and spans
    : evaluateBinary(kind, items, binary.createScore(), scoresFile);
}

function evaluateBinary(
  kind: string,
  items: readonly Item[],
  score: (item: Item) => number,
  scoresFile: string | undefined,
): object {
  for (const item of items.slice(0, WARM_UP_ITEMS)) score(item);
  const { results, cpuUsPerItem } = measure(items, score);
  const scored = items.map((item, index): ScoredItem => {
    const { source, lang } = item;
    return {
      id: String(item["id"] ?? index),
      label: item["label"] === 1 ? 1 : 0,
      score: results[index] ?? 0,
      ...(typeof source === "string" ? { source } : {}),
      ...(typeof lang === "string" ? { lang } : {}),
    };
  });
  if (scoresFile !== undefined)
    writeLines(
      scoresFile,
      scored.map(({ id, score }) => JSON.stringify({ id, score, flagged: score >= THRESHOLD })),
    );
  return { kind, cpuUsPerItem, ...reportBinary(scored, THRESHOLD) };
}

function evaluatePii(items: readonly PiiItem[], scoresFile: string | undefined): object {
  const guard = createEvaluationGuard();
  for (const item of items.slice(0, WARM_UP_ITEMS)) guard.inspect(item.text);
  const { cpuUsPerItem } = measure(items, (item) => guard.inspect(item.text).length);
  const predictions = items.map((item) => predictPii(guard, item));
  if (scoresFile !== undefined) writeLines(scoresFile, predictions.map(piiScoreLine));
  return { kind: "pii", cpuUsPerItem, ...scorePii(items, predictions) };
}

/** A guard that looks for every entity type any recogniser can find, each from the default threshold on. */
function createEvaluationGuard(): Guard {
  const rule: EntityRule = { operator: "keep", threshold: THRESHOLD };
  const everything = Object.fromEntries(
    createGuard()
      .entityTypes()
      .map((type) => [type, rule]),
  );
  return createGuard({
    policy: { ...DEFAULT_POLICY, entities: { ...everything, ...DEFAULT_POLICY.entities } },
  });
}

function measure<T, R>(items: readonly T[], run: (item: T) => R): { results: R[]; cpuUsPerItem: number } {
  const before = process.cpuUsage();
  const results = items.map(run);
  const { user, system } = process.cpuUsage(before);
  return {
    results,
    cpuUsPerItem: items.length === 0 ? 0 : Math.round(((user + system) / items.length) * 10) / 10,
  };
}

function textOf(item: Item, field: string): string {
  const value = item[field];
  return typeof value === "string" ? value : "";
}

function readItems(file: string, fields: readonly string[], target: "label" | "spans"): Item[] {
  return readText(file)
    .split("\n")
    .flatMap((line, index) => {
      if (line.trim() === "") return [];
      const at = `${file} line ${index + 1}`;
      let item: unknown;
      try {
        item = JSON.parse(line);
      } catch {
        // the parser's own message quotes the line
        throw new RampartError("RMP_REQ_INVALID", `${at}: no JSON`, { field: file });
      }
      if (typeof item !== "object" || item === null)
        throw new RampartError("RMP_REQ_INVALID", `${at}: no JSON object`, { field: file });
      const record = item as Item; // an object, checked above; its fields are checked below
      for (const field of fields)
        if (typeof record[field] !== "string")
          throw new RampartError("RMP_REQ_INVALID", `${at}: ${field} must be a text`, { field });
      const isLabelled =
        target === "label" ? record["label"] === 0 || record["label"] === 1 : Array.isArray(record["spans"]);
      if (!isLabelled)
        throw new RampartError(
          "RMP_REQ_INVALID",
          `${at}: ${target === "label" ? "label must be 0 or 1" : "spans must be a list"}`,
          { field: target },
        );
      return [record];
    });
}

function writeLines(file: string, lines: readonly string[]): void {
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
}
