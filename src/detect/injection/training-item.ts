/** One labelled text as the trainer takes it; the fields of the data sets' JSON lines. */
export interface TrainingItem {
  readonly id: string;
  readonly text: string;
  /** 1 = tries to make a model leave its instructions. */
  readonly label: 0 | 1;
  readonly source: string;
  /** Items of one family are never split between the parts of a cross-validation; the source when absent. */
  readonly family?: string;
  /** SPDX names; decides whether the item may train what ships. */
  readonly licence: string;
  readonly lang: string;
  readonly kind?: string;
  /** Range of a planted instruction, UTF-16 offsets, `end` exclusive. */
  readonly planted?: {
    readonly start: number;
    readonly end: number;
    /** The instruction would be harmless as a prompt; only its place makes it an attack. */
    readonly plain: boolean;
  };
}

/** Items of a JSON lines text as described in {@link TrainingItem}; blank lines are skipped. */
export function parseTrainingItems(jsonLines: string): TrainingItem[] {
  const items: TrainingItem[] = [];
  for (const line of jsonLines.split("\n")) {
    if (line.trim() === "") continue;
    // The files are the project's own data sets; a line of another shape fails in training with its id.
    items.push(JSON.parse(line) as TrainingItem);
  }
  return items;
}
