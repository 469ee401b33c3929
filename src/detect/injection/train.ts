import { createRandom } from "#shared";
import { type ScoredItem, thresholdAtFpr } from "../evaluation/binary.ts";
import { distortedItems, ownItems, ownMails, ownTables, plantedItems } from "./augment.ts";
import { type BoostedModel, type BoostOptions, scoreBoosted, trainBoosted } from "./boost.ts";
import { describeSketch, type SketchedItem, sketchItem } from "./corpus.ts";
import { type LinearRow, quantise, trainLinear } from "./linear.ts";
import type { InjectionModel } from "./model.ts";
import { HASH_SIZE } from "./ngrams.ts";
import type { TrainingItem } from "./training-item.ts";

/** Knobs of the training; the defaults are what ships. */
export interface InjectionTrainingOptions {
  readonly seed: number;
  /** Share of the own texts that is used, (0, 1]; less only where speed matters more than the model. */
  readonly ownShare: number;
  /** Parts of the cross-validation by source that gives the second stage honest first-stage scores. */
  readonly folds: number;
  readonly epochs: number;
  readonly rate: number;
  readonly boost: BoostOptions;
  /** Share of false positives on the training set (by cross-validation) at the frozen threshold. */
  readonly falsePositiveRate: number;
  /** Weight of attack rows against harmless ones. */
  readonly attackWeight: number;
  /** Weight of planted documents in the second stage, where each occurs once. */
  readonly plantedWeight: number;
  /** Weight of second-stage rows whose source the heads know, against rows of unknown sources. */
  readonly knownSourceWeight: number;
}

/** What ships. */
export const INJECTION_TRAINING: InjectionTrainingOptions = {
  seed: 20_260_101,
  ownShare: 1,
  folds: 5,
  epochs: 14,
  rate: 0.4,
  boost: { trees: 100, depth: 4, rate: 0.15, minLeafWeight: 4, ridge: 2 },
  falsePositiveRate: 0.013,
  attackWeight: 1.5,
  plantedWeight: 10,
  knownSourceWeight: 20,
};

/** Ends of the ids of distorted copies. */
const DISTORTED = /\/(?:leet|lower)$/;

/** The two heads as bytes. */
export interface Heads {
  readonly attack: Int8Array;
  readonly instruction: Int8Array;
  readonly steps: readonly [number, number];
}

/** A trained model and the items it was trained on, own and planted ones included. */
export interface InjectionTraining {
  readonly model: InjectionModel;
  readonly trained: readonly TrainingItem[];
  /** Given items as judged by models that saw no item of their source; score above 0 reaches the threshold. */
  readonly unseen: readonly ScoredItem[];
}

/** True for items that may train what ships: no share-alike licence named (an item with two licences counts as the stricter). */
export function mayTrain(item: TrainingItem): boolean {
  return !/-SA\b/i.test(item.licence);
}

/** The training set with own texts and planted pairs added. The same items and seed give the same list. */
export function trainingSet(
  items: readonly TrainingItem[],
  { seed, ownShare }: Pick<InjectionTrainingOptions, "seed" | "ownShare">,
): TrainingItem[] {
  const usable = items.filter(mayTrain);
  const random = createRandom(seed);
  const take = (list: TrainingItem[]): TrainingItem[] =>
    list.filter(() => ownShare >= 1 || random() < ownShare);
  const own = take(ownItems(random));
  const tables = take(ownTables(random));
  const mails = take(ownMails(random));
  const documents = usable.filter((item) => item.kind === "benign-document");
  const planted = plantedItems([...documents, ...tables, ...mails], random);
  const distorted = distortedItems([...usable, ...own], random);
  return [...usable, ...own, ...tables, ...mails, ...planted, ...distorted];
}

/** Trains both stages. Pure and repeatable: the same items and options give the same bytes. */
export function trainInjection(
  items: readonly TrainingItem[],
  options: InjectionTrainingOptions = INJECTION_TRAINING,
  sketch: (item: TrainingItem) => SketchedItem = sketchItem,
): InjectionTraining {
  const sketches = trainingSet(items, options).map(sketch);
  const rows = secondStageRows(sketches, options);
  const boosted = fitSecondStage(rows, options, () => true);
  const unseen = judgeUnseen(rows, options);
  const threshold = thresholdAtFpr(unseen, options.falsePositiveRate);
  const heads = trainHeads(sketches, options);
  const interleaved = new Int8Array(2 * HASH_SIZE);
  for (let slot = 0; slot < HASH_SIZE; slot++) {
    interleaved[2 * slot] = heads.attack[slot]!;
    interleaved[2 * slot + 1] = heads.instruction[slot]!;
  }
  return {
    model: {
      heads: interleaved,
      attackStep: heads.steps[0],
      instructionStep: heads.steps[1],
      boosted,
      threshold,
    },
    trained: sketches.map(({ item }) => item),
    unseen: unseen.map((item) => ({ ...item, score: item.score - threshold })),
  };
}

/**
 * Feature rows of the second stage, each under heads that did not see the item: no item of its source (`bySource`), or
 * just not this one.
 */
export function crossDescribe(
  sketches: readonly SketchedItem[],
  options: InjectionTrainingOptions,
  bySource: boolean,
): Float64Array[] {
  const sourceFolds = foldsBySource(
    sketches.map(({ item }) => item),
    options.folds,
  );
  // A distorted copy goes where its original goes, else the heads would know the item.
  const foldOf = sketches.map(({ item }) =>
    bySource ? sourceFolds.get(item.source)! : hashText(item.id.replace(DISTORTED, "")) % options.folds,
  );
  const rows = new Array<Float64Array>(sketches.length);
  for (let fold = 0; fold < options.folds; fold++) {
    const heads = trainHeads(
      sketches.filter((_, index) => foldOf[index] !== fold),
      options,
    );
    for (const [index, sketched] of sketches.entries()) {
      if (foldOf[index] === fold)
        rows[index] = describeSketch(sketched, heads.attack, heads.instruction, heads.steps);
    }
  }
  return rows;
}

/** Trains the attack head and the instruction head. */
export function trainHeads(sketches: readonly SketchedItem[], options: InjectionTrainingOptions): Heads {
  const balance = sourceWeights(sketches);
  const attackRows: LinearRow[] = [];
  const instructionRows: LinearRow[] = [];
  for (const { item, attackRows: attack, instructionRows: instruction } of sketches) {
    const weight = balance.get(item.source)! * (item.label === 1 ? options.attackWeight : 1);
    for (const row of attack) attackRows.push({ ...row, weight: row.weight * weight });
    for (const row of instruction) instructionRows.push(row);
  }
  const attack = quantise(trainLinear(attackRows, options));
  const instruction = quantise(trainLinear(instructionRows, { ...options, epochs: 3 }));
  return { attack: attack.bytes, instruction: instruction.bytes, steps: [attack.step, instruction.step] };
}

/** One row of the second stage. */
interface SecondStageRow {
  readonly item: TrainingItem;
  readonly features: Float64Array;
  readonly weight: number;
  /** The heads behind the features saw no item of this source. */
  readonly bySource: boolean;
}

/**
 * Every item twice: under heads that never saw its source, as a new kind of attack will meet them, and under heads that
 * know its source. Planted documents only the first way.
 */
function secondStageRows(
  sketches: readonly SketchedItem[],
  options: InjectionTrainingOptions,
): SecondStageRow[] {
  const balance = sourceWeights(sketches);
  const rows: SecondStageRow[] = [];
  for (const bySource of [true, false]) {
    for (const [index, features] of crossDescribe(sketches, options, bySource).entries()) {
      const { item } = sketches[index]!;
      // Own texts are many from few templates: under heads that know the template they would look too easy.
      if (!bySource && (item.planted || item.source.startsWith("own/"))) continue;
      const weight =
        balance.get(item.source)! *
        (item.label === 1 ? options.attackWeight : 1) *
        (bySource ? 1 : options.knownSourceWeight) *
        (item.planted ? options.plantedWeight : 1);
      rows.push({ item, features, weight, bySource });
    }
  }
  return rows;
}

function fitSecondStage(
  rows: readonly SecondStageRow[],
  options: InjectionTrainingOptions,
  keep: (row: SecondStageRow) => boolean,
): BoostedModel {
  const kept = rows.filter(keep);
  return trainBoosted(
    kept.map((row) => row.features),
    kept.map((row) => row.item.label),
    kept.map((row) => row.weight),
    options.boost,
  );
}

/** Sources are dealt out in alphabetical order, so that related ones (same prefix) come into different parts. */
function foldsBySource(items: readonly TrainingItem[], folds: number): Map<string, number> {
  const sources = [...new Set(items.map((item) => item.source))].sort();
  return new Map(sources.map((source, index) => [source, index % folds]));
}

/** FNV-1a (Fowler, Noll, Vo), 32 bit, unsigned. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** Large sources count less per item: weight (200 / n)^0.5, between 0.3 and 1.5. */
function sourceWeights(sketches: readonly SketchedItem[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { item } of sketches) sizes.set(item.source, (sizes.get(item.source) ?? 0) + 1);
  return new Map(
    [...sizes].map(([source, size]) => [source, Math.min(1.5, Math.max(0.3, Math.sqrt(200 / size)))]),
  );
}

/**
 * Log-odds of the given items (not own, planted or distorted ones) from second stages that are cross-validated by source
 * on rows that are cross-validated themselves. The threshold is frozen on these.
 */
function judgeUnseen(rows: readonly SecondStageRow[], options: InjectionTrainingOptions): ScoredItem[] {
  const foldOf = foldsBySource(
    rows.map(({ item }) => item),
    options.folds,
  );
  const scored: ScoredItem[] = [];
  for (let fold = 0; fold < options.folds; fold++) {
    const model = fitSecondStage(rows, options, ({ item }) => foldOf.get(item.source) !== fold);
    for (const { item, features, bySource } of rows) {
      if (!bySource || foldOf.get(item.source) !== fold || item.source.startsWith("own/") || item.planted)
        continue;
      if (DISTORTED.test(item.id)) continue;
      const { id, label, source, lang } = item;
      scored.push({ id, label, source, lang, score: scoreBoosted(model, features) });
    }
  }
  return scored;
}
