/** `rampart detect`, `anonymise` and `eval`: the detection library on files and standard input. */
import { type Command, Option } from "commander";
import { EXIT } from "#shared";
import type { AnonymiseOptions, DetectOptions } from "../actions/detect.ts";

/** Adds the commands of the detection library. Their work is loaded when they run. */
export function addDetectionCommands(program: Command): void {
  program
    .command("detect")
    .description("Find personal data and prompt injection in files or standard input.")
    .argument("[files...]", "files to read; standard input without any")
    .option("--policy <name>", "shipped policy or path of a policy file", "default_pii")
    .option("--json", "one JSON object per input")
    .option("--fail-on-finding", `exit with ${EXIT.failed} when anything was found`)
    .action(async (files: string[], options: DetectOptions) => {
      const { detectInputs } = await import("../actions/detect.ts");
      detectInputs(files, options);
    });

  program
    .command("anonymise")
    .alias("anonymize")
    .description(
      "Replace personal data in a file or standard input; restore it with the vault that was kept.",
    )
    .argument("[file]", "file to read; standard input without one")
    .option("--policy <name>", "shipped policy or path of a policy file", "default_pii")
    .option("--as-json", "walk the string leaves of a JSON document")
    .option("--vault <file>", "encrypted file with the replaced values; made or continued")
    .option("--restore", "put the values of the vault back instead")
    .addOption(new Option("--vault-key <hex>", "key of the vault, 64 hex digits").env("RAMPART_VAULT_KEY"))
    .action(async (file: string | undefined, options: AnonymiseOptions) => {
      const { anonymiseInput } = await import("../actions/detect.ts");
      anonymiseInput(file, options);
    });

  program
    .command("eval")
    .description("Measure a detector on labelled JSON lines and print the figures as JSON.")
    .argument("<kind>", "pii, injection, bias or grounding")
    .requiredOption("--data <file>", "JSON lines, one labelled item each")
    .option("--scores <file>", "write one JSON line per item with its scores")
    .action(async (kind: string, options: { data: string; scores?: string }) => {
      const { runEvaluation } = await import("../actions/evaluate.ts");
      const figures = await runEvaluation(kind, options.data, options.scores);
      process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
    });
}
