import { areaUnderRoc, type ScoredItem } from "../evaluation/binary.ts";
import { type SketchedItem, sketchItem } from "./corpus.ts";
import { createInjectionDetector, INJECTION_THRESHOLD } from "./detector.ts";
import type { InjectionModel } from "./model.ts";
import { INJECTION_TRAINING, mayTrain, trainInjection } from "./train.ts";
import type { TrainingItem } from "./training-item.ts";

/** What a model reaches on a source that it never saw. One entry per source and label. */
export interface LeftOutSource {
  readonly source: string;
  readonly label: 0 | 1;
  readonly items: number;
  /** Its items against the dev items of the other class from all other sources. */
  readonly auc: number | null;
  /** Share of its items that reach the frozen threshold: recall for attacks, false positives for harmless ones. */
  readonly flaggedShare: number;
  /** Sources that the model did not see either, because they were left out in the same training. */
  readonly leftOutWith: readonly string[];
}

/** Fewest items of a source that is worth a figure. */
const MIN_ITEMS = 50;

/** Sources of at least {@link MIN_ITEMS} items, in alphabetical order. */
export function sourcesToLeaveOut(items: readonly TrainingItem[]): string[] {
  const counts = new Map<string, number>();
  for (const { source } of items) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= MIN_ITEMS)
    .map(([source]) => source)
    .sort();
}

/**
 * Trains without some sources and judges all items of each of them. One training a call: about a minute. More than one
 * source at a time is quicker and stricter than leaving each out alone: the model has seen less.
 * @param train items that may train, of all sources
 * @param dev items of the other class that stand against the left-out ones
 * @param whole model of all of `train`: judges when none of the sources ever trains, which needs no training
 */
export function judgeLeftOut(
  sources: readonly string[],
  train: readonly TrainingItem[],
  dev: readonly TrainingItem[],
  whole?: InjectionModel,
  cache: Map<string, SketchedItem> = new Map(),
): LeftOutSource[] {
  const sketch = (item: TrainingItem): SketchedItem => {
    const key = `${item.id} ${item.text}`;
    const known = cache.get(key) ?? sketchItem(item);
    cache.set(key, known);
    return known;
  };
  const isLeftOut = (item: TrainingItem): boolean => sources.includes(item.source);
  const trains = train.some((item) => isLeftOut(item) && mayTrain(item));
  const model =
    whole !== undefined && !trains
      ? whole
      : trainInjection(
          train.filter((item) => !isLeftOut(item)),
          INJECTION_TRAINING,
          sketch,
        ).model;
  const detector = createInjectionDetector(model);
  const score = (item: TrainingItem): ScoredItem => ({
    id: item.id,
    label: item.label,
    source: item.source,
    score: detector.inspect(item.text).score,
  });
  const own = [...train, ...dev].filter(isLeftOut).map(score);
  const others = dev.filter((item) => !isLeftOut(item)).map(score);
  const judged = [...own, ...others];
  const results: LeftOutSource[] = [];
  for (const source of sources) {
    for (const label of [0, 1] as const) {
      const items = own.filter((item) => item.source === source && item.label === label);
      if (items.length === 0) continue;
      const flagged = items.filter((item) => item.score >= INJECTION_THRESHOLD).length;
      const against = new Set(dev.filter((item) => item.source !== source).map(({ id }) => id));
      results.push({
        source,
        label,
        items: items.length,
        auc: areaUnderRoc([
          ...items,
          ...judged.filter((item) => item.label !== label && against.has(item.id)),
        ]),
        flaggedShare: flagged / items.length,
        leftOutWith: sources.filter((other) => other !== source),
      });
    }
  }
  return results;
}
