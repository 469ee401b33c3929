/** Trains the grounding model from the data folder and writes models/grounding.json and models/grounding.report.json. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportBinary, type ScoredItem } from "../src/detect/evaluation/binary.ts";
import { createGroundingDetector } from "../src/detect/grounding/detector.ts";
import type { GroundingModel } from "../src/detect/grounding/model.ts";
import { toPassage } from "../src/detect/grounding/perturb.ts";
import {
  GROUNDING_TRAINING,
  type PassageSource,
  trainGrounding,
} from "../src/detect/grounding/train-model.ts";
import { mayTrain, sourceLines } from "./licences.ts";

/** One line of the data files. */
interface Line {
  readonly id: string;
  readonly text: string;
  readonly context: string;
  readonly question: string;
  readonly answer: string;
  readonly label: 0 | 1;
  readonly source: string;
  readonly licence: string;
}

/** Passages to make pairs of: file, sources, shortest text, pairs of each. */
const PASSAGES = [
  { file: "injection/train.jsonl", source: /^mt-rag passages$/, characters: 0, perPassage: 12 },
  { file: "injection/train.jsonl", source: /^OpenAssistant/, characters: 500, perPassage: 8 },
  { file: "injection/train.jsonl", source: /^wikigold/, characters: 0, perPassage: 8 },
  { file: "pii/train.jsonl", source: /^wikigold/, characters: 0, perPassage: 8 },
];
/** Pairs made of each distinct context of the labelled items. */
const PAIRS_PER_CONTEXT = 4;

/** Entry point of `npm run train`. */
export async function run(options: { readonly dataDir: string; readonly outDir: string }): Promise<void> {
  const read = (file: string): Line[] =>
    readFileSync(join(options.dataDir, file), "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Line); // the files' README states the fields
  const all = read("hallucination/train.jsonl");
  const labelled = all.filter((line) => mayTrain(line.licence));
  const passageLines = PASSAGES.map((wanted) => ({
    ...wanted,
    lines: read(wanted.file).filter(
      (line) =>
        wanted.source.test(line.source) && mayTrain(line.licence) && line.text.length >= wanted.characters,
    ),
  }));
  const sourcesOf = (lines: readonly Line[]): PassageSource[] => [
    ...passageLines.map((group) => ({
      passages: group.lines.map((line) => toPassage(line.text)),
      perPassage: group.perPassage,
    })),
    {
      passages: [...new Set(lines.map((line) => line.context))].map(toPassage),
      perPassage: PAIRS_PER_CONTEXT,
    },
  ];
  const trained = trainGrounding(labelled, sourcesOf(labelled));
  writeFileSync(join(options.outDir, "grounding.json"), `${JSON.stringify(trained.model)}\n`);

  const devFile = join(options.dataDir, "hallucination/dev.jsonl");
  const dev = existsSync(devFile) ? read("hallucination/dev.jsonl") : [];
  const symmetric = [...all, ...dev].filter((line) => line.source.startsWith("FEVER-symmetric"));
  const names = [...new Set(labelled.map((line) => line.source))];
  const leftOut = names.map((name) => {
    const rest = labelled.filter((line) => line.source !== name);
    const settings = { ...GROUNDING_TRAINING, bags: 1 };
    const { model } = trainGrounding(rest, sourcesOf(rest), settings);
    return {
      source: name,
      ...figures(
        model,
        labelled.filter((line) => line.source === name),
      ).overall,
    };
  });
  const report = {
    training: GROUNDING_TRAINING,
    labelledItems: trained.labelled,
    madePairs: trained.made,
    madePositive: trained.madePositive,
    sources: [
      ...sourceLines(labelled, "labelled"),
      ...sourceLines(
        passageLines.flatMap((group) => group.lines),
        "passages that pairs are made of",
      ),
    ],
    judgedOnly: sourceLines(
      all.filter((line) => !mayTrain(line.licence)),
      "judges, never trains",
    ),
    figures: {
      dev: figures(trained.model, dev),
      feverSymmetricTrainAndDev: figures(trained.model, symmetric).overall,
      leaveOneSourceOut: leftOut,
    },
  };
  writeFileSync(join(options.outDir, "grounding.report.json"), `${JSON.stringify(report, null, 2)}\n`);
}

function figures(model: GroundingModel, lines: readonly Line[]): ReturnType<typeof reportBinary> {
  const detector = createGroundingDetector(model);
  const scored = lines.map((line): ScoredItem => {
    const { answer, context, question, label, id, source } = line;
    return { id, label, source, score: detector.assess({ answer, context, question }).hallucinationRisk };
  });
  return reportBinary(scored, 0.5);
}
