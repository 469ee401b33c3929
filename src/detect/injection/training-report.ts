import { type BinaryReport, reportBinary } from "../evaluation/binary.ts";
import { detectedWhenDisguised } from "../evaluation/encoded.ts";
import { evaluateInjection } from "../evaluation/injection.ts";
import { createInjectionDetector } from "./detector.ts";
import { INJECTION_TRAINING, type InjectionTraining } from "./train.ts";
import type { TrainingItem } from "./training-item.ts";

/** What is committed beside the weights. */
export interface InjectionTrainingReport {
  readonly seed: number;
  readonly threshold: number;
  /** Sources that trained the model, with licence and counts; own texts are named `own/...`. */
  readonly sources: readonly {
    readonly source: string;
    readonly licence: string;
    readonly attacks: number;
    readonly harmless: number;
    /** Documents of this source with an instruction planted by the trainer. */
    readonly planted: number;
  }[];
  /** Training items judged by models that saw nothing of their source (and of a fifth of all sources), same threshold. */
  readonly unseenSources: BinaryReport;
  /** Figures on items that did not train it, at the shipped threshold. */
  readonly dev: BinaryReport;
  /** Attacks of `dev` that are found, and the shares still found when disguised. */
  readonly disguisedDev: ReturnType<typeof detectedWhenDisguised>;
}

/** The report of a training: who trained it and what it reaches on `dev`. */
export function trainingReport(
  training: InjectionTraining,
  dev: readonly TrainingItem[],
): InjectionTrainingReport {
  const sources = new Map<string, { attacks: number; harmless: number; planted: number }>();
  for (const item of training.trained) {
    const key = JSON.stringify([item.source, item.licence]);
    const counts = sources.get(key) ?? { attacks: 0, harmless: 0, planted: 0 };
    if (item.planted) counts.planted++;
    else if (item.label === 1) counts.attacks++;
    else counts.harmless++;
    sources.set(key, counts);
  }
  const detector = createInjectionDetector(training.model);
  return {
    seed: INJECTION_TRAINING.seed,
    threshold: training.model.threshold,
    sources: [...sources].sort().map(([key, counts]) => {
      const [source, licence] = JSON.parse(key) as [string, string];
      return { source, licence, ...counts };
    }),
    unseenSources: reportBinary(training.unseen, 0),
    dev: evaluateInjection(detector, dev).report,
    disguisedDev: detectedWhenDisguised(
      detector,
      dev.filter(({ label }) => label === 1).map(({ text }) => text),
    ),
  };
}
