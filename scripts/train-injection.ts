/** Trains the injection model from `DATA/injection/train.jsonl`. Reading and writing only. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { serialiseInjectionModel } from "../src/detect/injection/model.ts";
import { trainInjection } from "../src/detect/injection/train.ts";
import { parseTrainingItems } from "../src/detect/injection/training-item.ts";
import { trainingReport } from "../src/detect/injection/training-report.ts";

/** Where to read from and write to. */
export interface TrainArguments {
  /** Directory with `injection/train.jsonl` and, for the figures of the report, `injection/dev.jsonl`. */
  readonly dataDir: string;
  /** Directory that the model is written to. */
  readonly outDir: string;
  /** Sources left out of the training (leave-one-source-out). */
  readonly without?: readonly string[];
}

/** Trains and writes `injection.bin` and `injection.report.json`. */
export function run({ dataDir, outDir, without = [] }: TrainArguments): void {
  const read = (name: string): ReturnType<typeof parseTrainingItems> =>
    parseTrainingItems(readFileSync(join(dataDir, "injection", `${name}.jsonl`), "utf8"));
  const items = read("train").filter((item) => !without.includes(item.source));
  const training = trainInjection(items);
  const report = trainingReport(training, read("dev"));
  mkdirSync(outDir, { recursive: true });
  const bytes = serialiseInjectionModel(training.model);
  writeFileSync(join(outDir, "injection.bin"), bytes);
  writeFileSync(join(outDir, "injection.report.json"), `${JSON.stringify(report, null, 2)}\n`);
  process.stderr.write(
    `injection: ${training.trained.length} items, ${bytes.length} bytes, dev AUC ${report.dev.overall.auc?.toFixed(4)}\n`,
  );
}
