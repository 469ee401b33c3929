/** `rampart suite`, `merge`, `baseline`, `compare`, `capacity`: the lab beyond one run. */
import { type Command, Option } from "commander";
import type { CapacityFlags, CompareFlags, SuiteFlags } from "../actions/lab.ts";
import type { OverheadFlags } from "../actions/overhead.ts";
import { collectPair, timeSpan } from "../flags.ts";
import { positiveNumber, wholeNumber } from "../numbers.ts";

const BASELINES = "baselines";
const PERFORMANCE = "performance_baselines";

/** Adds the commands. Their work is loaded when they run. */
export function addLabCommands(program: Command): void {
  program
    .command("suite")
    .description("Run the documented series of load tests against an environment of lab.yaml.")
    .argument("<environment>", "local, staging, production, or one of lab.yaml")
    .option("--config <file>", "environments", "lab.yaml")
    .option("--only <tests>", "comma-separated tests instead of the whole series")
    .option("--quick", "scale users to a tenth and times to a fifth; the reports say so")
    .option("--yes", "confirm the load on a host that is not this machine")
    .option("--pause <span>", "time between two tests", timeSpan, 5)
    .option("--results-dir <dir>", "folder of results files", "results")
    .option("--reports-dir <dir>", "folder of the report archive", "reports")
    .option("--stats-dir <dir>", "also write <test>_load_<time>_stats.csv here")
    .action(async (environment: string, options: SuiteFlags) => {
      const { suite } = await import("../actions/lab.ts");
      process.exitCode = await suite(environment, options);
    });

  program
    .command("merge")
    .description("Merge results of one scenario that ran on several machines or one after the other.")
    .argument("<results...>", "results files")
    .option("--results-dir <dir>", "folder of results files", "results")
    .action(async (files: string[], options: { resultsDir: string }) => {
      const { merge } = await import("../actions/lab.ts");
      await merge(files, options.resultsDir);
    });

  program
    .command("baseline")
    .description("Keep results as the baseline of a version, or list the versions that have one.")
    .argument("<action>", "save or list")
    .argument("[version]", "such as v1.0.0")
    .argument("[results...]", "results files to keep")
    .option("--baselines-dir <dir>", "folder of baselines", BASELINES)
    .option("--performance-dir <dir>", "folder of their statistics as CSV", PERFORMANCE)
    .action(
      async (
        action: string,
        version: string | undefined,
        files: string[],
        options: { baselinesDir: string; performanceDir: string },
      ) => {
        const { baseline } = await import("../actions/lab.ts");
        await baseline(action, version, files, {
          baselines: options.baselinesDir,
          performance: options.performanceDir,
        });
      },
    );

  program
    .command("compare")
    .description("Compare runs with the first one, or with a baseline; exit 99 when something got worse.")
    .argument("<results...>", "results files; the first is what the others are compared with")
    .option("--baseline <version>", "compare with the baseline of this version instead")
    .option(
      "--repeats",
      "all files after the first half are repeats of one candidate, the half before of the baseline",
    )
    .option("--noise-floor <percent>", "smallest difference that counts, %", positiveNumber, 5)
    .option("--baselines-dir <dir>", "folder of baselines", BASELINES)
    .option("--html <file>", "write the comparison as HTML here")
    .option("--markdown <file>", "write it for a pull request here")
    .option("--json <file>", "write it as JSON here")
    .action(async (files: string[], options: CompareFlags) => {
      const { compare } = await import("../actions/lab.ts");
      process.exitCode = await compare(files, options);
    });

  program
    .command("capacity")
    .description("Find the highest load that meets the targets, hold 80 % of it, and judge the CPU.")
    .argument("[name]", "a shipped scenario", "capacity")
    .option("-f, --locustfile <file>", "a scenario file of your own")
    .addOption(new Option("-H, --host <url>", "base URL of the system under test").env("LOCUST_HOST"))
    .addOption(new Option("--vary <what>", "rate or users").choices(["rate", "users"]).default("rate"))
    .option("--p95 <ms>", "P95 that a level must stay below, ms", positiveNumber, 200)
    .option("--errors <percent>", "failures that a level must stay below, %", positiveNumber, 1)
    .option("--start <level>", "first level", positiveNumber, 50)
    .option("--max <level>", "highest level tried", positiveNumber, 20_000)
    .option("--level-time <span>", "duration of a level", timeSpan, 15)
    .option("--hold <span>", "time for which 80 % is held", timeSpan, 60)
    .option("--processes <n>", "worker threads", wholeNumber(1, 256))
    .option("--set <key=value>", "a value for the scenario; repeatable", collectPair, {})
    .option("--json <file>", "write the search as JSON here")
    .action(async (name: string, options: CapacityFlags) => {
      const { capacity } = await import("../actions/lab.ts");
      process.exitCode = await capacity(name, options);
    });

  program
    .command("overhead")
    .description(
      "Measure what a gateway adds: the same requests through it and straight to its upstream, in pairs.",
    )
    .option(
      "--gateway <url>",
      "what is posted to through the gateway",
      "http://127.0.0.1:8000/openai/v1/chat/completions",
    )
    .option(
      "--direct <url>",
      "what is posted to at the upstream",
      "http://127.0.0.1:8001/v1/chat/completions",
    )
    .option(
      "--header <name=value>",
      "a header of the requests through the gateway; repeatable",
      collectPair,
      {},
    )
    .option("--direct-header <name=value>", "a header of the straight requests; repeatable", collectPair, {})
    .option("--bodies <file>", "JSON bodies, one a line (default: chats with personal data, each one new)")
    .option("-u, --users <n>", "pairs at the same time", wholeNumber(1, 1000), 1)
    .option("-t, --time <span>", "duration", timeSpan, 30)
    .option("--warm-up <span>", "time before the first pair that counts", timeSpan, 3)
    .option("--pid <pid>", "process of the gateway, for its CPU (default: its /metrics)", wholeNumber(1))
    .option("--max-added <ms>", "exit 99 when the median adds more", positiveNumber)
    .option("--json <file>", "write the measurement as JSON here")
    .action(async (options: OverheadFlags) => {
      const { overhead } = await import("../actions/overhead.ts");
      process.exitCode = await overhead(options);
    });
}
