/** Trains the bias model from the data folder and writes models/bias.json and models/bias.report.json. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BiasModel, scoreReading, toBiasWeights } from "../src/detect/bias/model.ts";
import { readBias } from "../src/detect/bias/reading.ts";
import { BIAS_TRAINING, type BiasItem, trainBias } from "../src/detect/bias/train-model.ts";
import { reportBinary, type ScoredItem } from "../src/detect/evaluation/binary.ts";
import { mayTrain, sourceLines } from "./licences.ts";

/** One line of the data files. */
interface Line {
  readonly id: string;
  readonly text: string;
  readonly label: 0 | 1;
  readonly source: string;
  readonly licence: string;
}

/** Plain texts that mention people without degrading them, from the other data sets; cut and weighed down. */
const BACKGROUND = [
  { file: "injection/train.jsonl", source: /^(?:wikigold|mt-rag passages|OpenAssistant|SpamAssassin|WNUT)/ },
  { file: "pii/train.jsonl", source: /^(?:wikigold|WNUT)/ },
];
const BACKGROUND_CHARACTERS = 500;
const BACKGROUND_WEIGHT = 0.5;
/** Sources whose label-0 items mention groups; the threshold is set on them. */
const MENTIONS = /^(?:RedditBias|ToxiGen)/;
/** Sources whose label-0 items must pass on dev. */
const MUST_PASS = /^(?:BOLD|RedditBias|ToxiGen)/;

/** Quicker settings for the runs that leave a source out: they only give figures. */
const LEFT_OUT_TRAINING = { ...BIAS_TRAINING, folds: 2, linear: { ...BIAS_TRAINING.linear, epochs: 3 } };

/** Entry point of `npm run train`. */
export async function run(options: { readonly dataDir: string; readonly outDir: string }): Promise<void> {
  const read = (file: string): Line[] =>
    readFileSync(join(options.dataDir, file), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line); // the files' README states the fields
  const all = read("bias/train.jsonl");
  const labelled = all.filter((line) => mayTrain(line.licence));
  const background = BACKGROUND.flatMap((wanted) =>
    read(wanted.file).filter(
      (line) => wanted.source.test(line.source) && line.label !== 1 && mayTrain(line.licence),
    ),
  );
  const itemsOf = (lines: readonly Line[]): BiasItem[] => [
    ...lines.map(({ text, label, source }) => ({
      text,
      label,
      weight: 1,
      mustPass: label === 0 && MENTIONS.test(source),
    })),
    ...background.map(({ text }) => ({
      text: text.slice(0, BACKGROUND_CHARACTERS),
      label: 0 as const,
      weight: BACKGROUND_WEIGHT,
      mustPass: false,
    })),
  ];
  const model = trainBias(itemsOf(labelled));
  writeFileSync(join(options.outDir, "bias.json"), `${JSON.stringify(model)}\n`);

  const dev = existsSync(join(options.dataDir, "bias/dev.jsonl")) ? read("bias/dev.jsonl") : [];
  const scored = scoresOf(model, dev);
  const mentions = scored.filter((item) => item.label === 0 && MUST_PASS.test(item.source ?? ""));
  const leftOut = [...new Set(labelled.map((line) => line.source))].map((name) => {
    const rest = labelled.filter((line) => line.source !== name);
    const without = trainBias(itemsOf(rest), LEFT_OUT_TRAINING);
    const own = labelled.filter((line) => line.source === name);
    return { source: name, ...reportBinary(scoresOf(without, own), 0.5).overall };
  });
  const report = {
    training: BIAS_TRAINING,
    sources: [...sourceLines(labelled, "labelled"), ...sourceLines(background, "background, label 0")],
    judgedOnly: sourceLines(
      all.filter((line) => !mayTrain(line.licence)),
      "judges, never trains",
    ),
    figures: {
      dev: reportBinary(scored, 0.5),
      devMentionsThatPass: mentions.filter((item) => item.score < 0.5).length / Math.max(1, mentions.length),
      leaveOneSourceOut: leftOut,
    },
  };
  writeFileSync(join(options.outDir, "bias.report.json"), `${JSON.stringify(report, null, 2)}\n`);
}

function scoresOf(model: BiasModel, lines: readonly Line[]): ScoredItem[] {
  const weights = toBiasWeights(model);
  return lines.map(({ id, label, source, text }) => ({
    id,
    label,
    source,
    score: scoreReading(weights, text, readBias(text)),
  }));
}
