/** Measures names, places, organisations and addresses: `node scripts/eval-names.mjs --data DIR [--folds N] [--model FILE]`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EntityType } from "#contract";
import type { Finding, Recogniser } from "#detect";
import { createAddressRecogniser } from "../src/detect/pii/address/address-recogniser.ts";
import { resolveOverlaps } from "../src/detect/pii/resolve.ts";
import { createStructuredRecogniser } from "../src/detect/pii/structured.ts";
import { createNamesRecogniser } from "../src/detect/pii/tagger/names-recogniser.ts";
import { NAMES_TRAINING, type NamesItem, trainNames } from "../src/detect/pii/tagger/train.ts";
import { createNamesGazetteer } from "./names/lists.ts";
import { readTrainingData, trainingItems } from "./train-names.ts";

/** One labelled line of `pii/*.jsonl`. */
interface Item extends NamesItem {
  readonly source: string;
  readonly locale?: string;
}

/** Findings below this score do not count: the threshold of the shipped policies. */
const THRESHOLD = 0.5;
const TYPES: readonly EntityType[] = ["PERSON", "LOCATION", "ORGANIZATION", "ADDRESS"];

interface Counts {
  gold: number;
  goldHit: number;
  found: number;
  foundHit: number;
}

/** Reads items of one file of the data folder. */
function readItems(file: string): Item[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Item);
}

/** Counts by overlap per `group type`; only types that an item's source marks count. */
function measure(
  items: readonly Item[],
  find: (text: string) => readonly Finding[],
  groups: (item: Item) => readonly string[],
  onError?: (item: Item, kind: string, type: string, text: string) => void,
): Map<string, Counts> {
  const table = new Map<string, Counts>();
  for (const item of items) {
    const found = find(item.text);
    for (const type of TYPES) {
      if (!item.labelled.includes(type)) continue;
      const gold = item.spans.filter((span) => span.type === type);
      const own = found.filter((finding) => finding.type === type);
      const touches = (a: { start: number; end: number }, b: { start: number; end: number }) =>
        a.start < b.end && b.start < a.end;
      const goldHit = gold.filter((span) => own.some((finding) => touches(span, finding)));
      const foundHit = own.filter((finding) => gold.some((span) => touches(span, finding)));
      if (onError !== undefined) {
        for (const span of gold)
          if (!goldHit.includes(span)) onError(item, "missed", type, item.text.slice(span.start, span.end));
        for (const finding of own)
          if (!foundHit.includes(finding))
            onError(
              item,
              "wrong",
              type,
              `${item.text.slice(finding.start, finding.end)} ${finding.score.toFixed(2)}`,
            );
      }
      for (const group of groups(item)) {
        const key = `${group}\t${type}`;
        const counts = table.get(key) ?? { gold: 0, goldHit: 0, found: 0, foundHit: 0 };
        counts.gold += gold.length;
        counts.goldHit += goldHit.length;
        counts.found += own.length;
        counts.foundHit += foundHit.length;
        table.set(key, counts);
      }
    }
  }
  return table;
}

/** The wording of an item without its entities: items with the same one come from the same template. */
function templateOf(item: Item): string {
  let text = "";
  let from = 0;
  for (const span of [...item.spans].sort((a, b) => a.start - b.start)) {
    text += `${item.text.slice(from, span.start)} `;
    from = Math.max(from, span.end);
  }
  return (text + item.text.slice(from))
    .toLowerCase()
    .replace(/[^a-z]+/g, " ")
    .trim();
}

function finder(recognisers: readonly Recogniser[]): (text: string) => Finding[] {
  return (text) =>
    resolveOverlaps(recognisers.flatMap((r) => r.find(text)).filter((finding) => finding.score >= THRESHOLD));
}

function print(table: Map<string, Counts>): void {
  for (const [key, c] of [...table].sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    if (c.gold === 0 && c.found === 0) continue;
    const p = c.found === 0 ? 1 : c.foundHit / c.found;
    const r = c.gold === 0 ? 1 : c.goldHit / c.gold;
    const f = p + r === 0 ? 0 : (2 * p * r) / (p + r);
    const [group, type] = key.split("\t");
    process.stdout.write(
      `${group!.padEnd(44)} ${type!.padEnd(13)} n=${String(c.gold).padStart(5)} P=${p.toFixed(3)} R=${r.toFixed(3)} F1=${f.toFixed(3)}\n`,
    );
  }
}

const byGroups = (item: Item): string[] => [
  " all",
  item.source,
  ...(item.locale === undefined ? [] : [`locale ${item.locale}`]),
];

function logError(item: Item, kind: string, type: string, text: string): void {
  const at = item.text.indexOf(text.replace(/ \d\.\d\d$/, ""));
  process.stdout.write(
    `${kind} ${type} [${text}] ${item.source.slice(0, 12)}: ${JSON.stringify(item.text.slice(Math.max(0, at - 50), at + 70))}\n`,
  );
}

/** Entry point. */
export async function run(options: {
  readonly dataDir: string;
  readonly model: string;
  readonly folds: number;
  /** Measure only so many of the folds. */
  readonly limit: number;
  readonly errors: boolean;
  readonly file: string;
  /** Also writes the table as JSON to this file. */
  readonly write?: string;
}): Promise<void> {
  const address = createAddressRecogniser();
  const structured = createStructuredRecogniser();
  if (options.folds === 0) {
    const names = createNamesRecogniser(readFileSync(options.model));
    const items = readItems(join(options.dataDir, options.file));
    const table = measure(
      items,
      finder([structured, names, address]),
      byGroups,
      options.errors ? logError : undefined,
    );
    print(table);
    if (options.write !== undefined)
      writeFileSync(options.write, `${JSON.stringify(Object.fromEntries([...table].sort()), null, 1)}\n`);
    return;
  }
  const { labelled, silver, texts } = readTrainingData(options.dataDir);
  const gazetteer = createNamesGazetteer(texts);
  const items = labelled as Item[];
  const templates = [...new Set(items.map(templateOf))];
  const foldOf = new Map(templates.map((template, index) => [template, (index * 7) % options.folds]));
  const total = new Map<string, Counts>();
  for (let fold = 0; fold < Math.min(options.folds, options.limit); fold += 1) {
    const inside = items.filter((item) => foldOf.get(templateOf(item)) !== fold);
    const outside = items.filter((item) => foldOf.get(templateOf(item)) === fold);
    const model = trainNames(trainingItems(inside, silver, NAMES_TRAINING.seed), gazetteer);
    const names = createNamesRecogniser(model);
    const table = measure(
      outside,
      finder([structured, names, address]),
      byGroups,
      options.errors ? logError : undefined,
    );
    for (const [key, c] of table) {
      const sum = total.get(key) ?? { gold: 0, goldHit: 0, found: 0, foundHit: 0 };
      sum.gold += c.gold;
      sum.goldHit += c.goldHit;
      sum.found += c.found;
      sum.foundHit += c.foundHit;
      total.set(key, sum);
    }
    process.stderr.write(`fold ${fold + 1} of ${options.folds}\n`);
  }
  print(total);
}
