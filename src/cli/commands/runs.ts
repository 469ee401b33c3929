/** `rampart check` and `rampart report`: judging and reporting finished runs. */
import type { Command } from "commander";
import type { CheckOptions, ReportOptions } from "../actions/runs.ts";
import { collect } from "../flags.ts";

/** Adds the commands for finished runs. Their work is loaded when they run. */
export function addRunCommands(program: Command): void {
  program
    .command("check")
    .description("Judge finished runs: results files, Locust CSV files, HTML reports of ours.")
    .argument("<results...>", "files to judge")
    .option(
      "--targets <file>",
      "target table; repeatable (default: those that name the scenario)",
      collect,
      [],
    )
    .option("--scenario <name>", "scenario whose rows count; CSV files do not tell")
    .option("--junit <file>", "write the verdicts as JUnit XML here")
    .action(async (files: string[], options: CheckOptions) => {
      const { check } = await import("../actions/runs.ts");
      process.exitCode = await check(files, options);
    });

  program
    .command("report")
    .description("Write the reports of a finished run again.")
    .argument("<result>", "results file")
    .option(
      "--targets <file>",
      "target table; repeatable (default: those that name the scenario)",
      collect,
      [],
    )
    .option("--scenario <name>", "scenario whose rows count")
    .option("--csv <prefix>", "write Locust's four CSV files under this prefix")
    .option("--html <file>", "write the HTML report here")
    .option("--json <file>", "write the whole result as JSON here")
    .option("--junit <file>", "write the verdict as JUnit XML here")
    .option("--markdown <file>", "write a summary for a pull request here")
    .option("--reports-dir <dir>", "folder of the archive, used when no file is named", "reports")
    .action(async (file: string, options: ReportOptions) => {
      const { report } = await import("../actions/runs.ts");
      await report(file, options);
    });
}
