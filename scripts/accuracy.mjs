// `npm run accuracy -- --data DIR`: evaluates every detector on DIR's dev sets and writes docs/accuracy.md.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = process.argv.indexOf("--data");
const data = at < 0 ? undefined : process.argv[at + 1];
if (data === undefined || !existsSync(data)) {
  process.stderr.write("accuracy: give the folder of the data sets with --data DIR\n");
  process.exit(2);
}

const FOLDERS = { pii: "pii", injection: "injection", bias: "bias", grounding: "hallucination" };
const evaluate = (kind) => {
  process.stderr.write(`evaluating ${kind}\n`);
  const args = [join(root, "bin/rampart.js"), "eval", kind, "--data", join(data, FOLDERS[kind], "dev.jsonl")];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8", maxBuffer: 64 * 2 ** 20 }));
};
const figure = (value) =>
  value === null || value === undefined || Number.isNaN(value) ? "-" : value.toFixed(3);

function binaryRow(name, metrics) {
  const { items, positives, auc, recallAtFpr01, precision, recall, f1, falsePositiveRate, balancedAccuracy } =
    metrics;
  const figures = [auc, recallAtFpr01, precision, recall, f1, falsePositiveRate, balancedAccuracy].map(
    figure,
  );
  return `| ${name} | ${items} (${positives}) | ${figures.join(" | ")} |`;
}

function binarySection(title, note, report) {
  const rows = [
    binaryRow("**all**", report.overall),
    ...Object.entries(report.bySource).map(([name, metrics]) => binaryRow(name, metrics)),
    ...Object.entries(report.byLanguage)
      .filter(([, metrics]) => metrics.items >= 20)
      .map(([name, metrics]) => binaryRow(`language ${name}`, metrics)),
  ];
  return `## ${title}

${note} Threshold ${report.threshold}; ${report.cpuUsPerItem} µs of CPU per item.

| source | items (positive) | AUC | recall at 1 % FPR | precision | recall | F1 | false positives | balanced accuracy |
|---|---|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

function spanRow(name, scores) {
  const { strict, overlap } = scores;
  const labelled = strict.truePositives + strict.falseNegatives;
  const figures = [
    strict.precision,
    strict.recall,
    strict.f1,
    overlap.precision,
    overlap.recall,
    overlap.f1,
  ].map(figure);
  return `| ${name} | ${labelled} | ${figures.join(" | ")} |`;
}

function piiSection(report) {
  const perSource = Object.entries(report.perSource).flatMap(([source, entities]) =>
    Object.entries(entities)
      .filter(([, { strict }]) => strict.truePositives + strict.falseNegatives >= 20)
      .map(([type, scores]) => spanRow(`${type}, ${source}`, scores)),
  );
  return `## Personal data

Every recogniser on, each from score 0.5. Strict: same start, end and type; overlap: same type and a character in common. Only the
types that a source labels count as false positives. ${report.cpuUsPerItem} µs of CPU per item.

| type | labelled | strict P | R | F1 | overlap P | R | F1 |
|---|---|---|---|---|---|---|---|
${Object.entries(report.perEntity)
  .map(([type, scores]) => spanRow(type, scores))
  .join("\n")}

By source, where at least 20 are labelled:

| type and source | labelled | strict P | R | F1 | overlap P | R | F1 |
|---|---|---|---|---|---|---|---|
${perSource.join("\n")}
`;
}

/** Leave-one-source-out figures of `models/injection.left-out.jsonl`: one line per source and label. */
function leftOutSection() {
  const lines = readFileSync(join(root, "models/injection.left-out.jsonl"), "utf8")
    .split("\n")
    .filter(Boolean);
  const results = lines.map((line) => JSON.parse(line)).sort((a, b) => a.source.localeCompare(b.source));
  const harmless = results.filter(({ label }) => label === 0);
  const flagged = harmless.reduce((sum, { flaggedShare, items }) => sum + flaggedShare * items, 0);
  const items = harmless.reduce((sum, result) => sum + result.items, 0);
  const worst = harmless
    .filter((result) => result.items >= 100)
    .sort((a, b) => b.flaggedShare - a.flaggedShare)[0];
  const mean = results.reduce((sum, { auc }) => sum + auc, 0) / results.length;
  return `### Sources that the model never saw

For each source of at least 50 items a model trained without it, its threshold frozen on the rest, judges all its items against the
dev items of the other class. Most were left out two or three at a time ("left out with"), which is stricter than one by one. Share-alike
sources never train, so the shipped model judges them. \`npx jiti scripts/leave-one-out-injection.ts DATA [SOURCE+SOURCE...]\`, kept
in \`models/injection.left-out.jsonl\`. Mean AUC ${figure(mean)}; false positives ${figure(flagged / items)} of all ${items} harmless items,
at worst ${figure(worst?.flaggedShare)} (${worst?.source}) among sources of at least 100.

| source | label | items | AUC | flagged | left out with |
|---|---|---|---|---|---|
${results
  .map(
    (r) =>
      `| ${r.source} | ${r.label === 1 ? "attack" : "harmless"} | ${r.items} | ${figure(r.auc)} | ${figure(r.flaggedShare)} | ${r.leftOutWith.join(", ") || "-"} |`,
  )
  .join("\n")}
`;
}

/** Shares of detected dev attacks that are still detected in disguise, from the training report. */
function disguiseSection() {
  const { disguisedDev } = JSON.parse(readFileSync(join(root, "models/injection.report.json"), "utf8"));
  const shares = Object.entries(disguisedDev.stillFound).map(([name, share]) => `${name} ${figure(share)}`);
  return `Of the ${disguisedDev.found} dev attacks that are found, still found in disguise: ${shares.join(", ")}.\n`;
}

const page = `<!-- generated by \`npm run accuracy -- --data DIR\`; edit the code, not this page -->
# Accuracy

Measured on the dev sets of public data (sources and licences in \`models/*.report.json\`); thresholds were frozen on the training
sets. A random split flatters: sources that a model never saw come out worse, see the leave-one-source-out figures in the training
reports. Figures of a group with few items are noisy.

${piiSection(evaluate("pii"))}
Weak spots: names in social-media text and all-lower-case text without introducing words; organisations; places inside address
blocks count as part of the address; languages beyond English have templates and name lists but little labelled prose behind them.

${binarySection("Prompt injection", "Texts that try to make a model leave its instructions, against benign prompts and documents.", evaluate("injection"))}
${disguiseSection()}
${leftOutSection()}
Weak spots: instructions planted in documents without any trigger word, persuasive rewrites, and languages that the training data lacks.

${binarySection("Grounding", "Label 1: the answer says something that the reference does not support.", evaluate("grounding"))}
Facts that two texts share without sharing words need more than word alignment; what was tried is in \`models/grounding.md\`.
Weak spots: claims reworded far from the reference, inference over several sentences, short dialogue turns (FaithDial). Word lists are
English only; in other languages overlap, numbers and names decide.

${binarySection("Bias", "Label 1: hateful, offensive, toxic or stereotyping.", evaluate("bias"))}
What was tried to do better is in \`models/bias.md\`.
Weak spots: the model does not carry far to sources it never saw; stereotypes without listed words are missed, and profanity counts
as offensive as the data labels it.
`;
writeFileSync(join(root, "docs/accuracy.md"), page);
process.stderr.write("wrote docs/accuracy.md\n");
