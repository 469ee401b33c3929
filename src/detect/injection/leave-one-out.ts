import { areaUnderRoc, type ScoredItem } from "../evaluation/binary.ts";
import { type SketchedItem, sketchItem } from "./corpus.ts";
import { createInjectionDetector, INJECTION_THRESHOLD } from "./detector.ts";
import { INJECTION_TRAINING, trainInjection } from "./train.ts";
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
}

/**
 * Trains without a source and judges all items of that source. One training per source: minutes.
 * @param train items that may train, of all sources
 * @param dev items of the other class that stand against the left-out ones
 */
export function judgeLeftOut(
  source: string,
  train: readonly TrainingItem[],
  dev: readonly TrainingItem[],
  cache: Map<string, SketchedItem> = new Map(),
): LeftOutSource[] {
  const sketch = (item: TrainingItem): SketchedItem => {
    const key = `${item.id} ${item.text}`;
    const known = cache.get(key) ?? sketchItem(item);
    cache.set(key, known);
    return known;
  };
  const { model } = trainInjection(
    train.filter((item) => item.source !== source),
    INJECTION_TRAINING,
    sketch,
  );
  const detector = createInjectionDetector(model);
  const score = (item: TrainingItem): ScoredItem => ({
    id: item.id,
    label: item.label,
    score: detector.inspect(item.text).score,
  });
  const own = [...train, ...dev].filter((item) => item.source === source).map(score);
  const others = dev.filter((item) => item.source !== source).map(score);
  const results: LeftOutSource[] = [];
  for (const label of [0, 1] as const) {
    const items = own.filter((item) => item.label === label);
    if (items.length === 0) continue;
    const flagged = items.filter((item) => item.score >= INJECTION_THRESHOLD).length;
    results.push({
      source,
      label,
      items: items.length,
      auc: areaUnderRoc([...items, ...others.filter((item) => item.label !== label)]),
      flaggedShare: flagged / items.length,
    });
  }
  return results;
}
