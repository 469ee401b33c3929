/** `rampart load`: flags and environment names of Locust, and our own. */
import { type Command, Option } from "commander";
import type { LoadOptions } from "../actions/load.ts";
import { collect, collectPair, timeSpan } from "../flags.ts";
import { positiveNumber, wholeNumber } from "../numbers.ts";

/** Adds `rampart load`. Its work is loaded when it runs. */
export function addLoadCommand(program: Command): void {
  program
    .command("load")
    .description("Run a load scenario and judge it against its targets.")
    .argument("[name]", "a shipped scenario; rampart load --list names them")
    .option("-f, --locustfile <file>", "a scenario file of your own (TypeScript or JavaScript)")
    .option("-l, --list", "list the shipped scenarios")
    .addOption(new Option("-H, --host <url>", "base URL of the system under test").env("LOCUST_HOST"))
    .addOption(
      new Option("-u, --users <n>", "peak number of users").env("LOCUST_USERS").argParser(wholeNumber(1)),
    )
    .addOption(
      new Option("-r, --spawn-rate <n>", "users started per second")
        .env("LOCUST_SPAWN_RATE")
        .argParser(positiveNumber),
    )
    .addOption(
      new Option("-t, --run-time <span>", "duration: 300, 20s, 3m, 1h30m")
        .env("LOCUST_RUN_TIME")
        .argParser(timeSpan),
    )
    .option("--seed <n>", "seed of all random choices", wholeNumber(0))
    .option("-T, --tags <tags...>", "only tasks with one of these tags")
    .option("-E, --exclude-tags <tags...>", "no tasks with one of these tags")
    .option("--shape <name>", "load shape: one of the scenario's, StepLoadShape or SpikeLoadShape")
    .option("--processes <n>", "worker threads", wholeNumber(1, 256))
    .option("-s, --stop-timeout <span>", "time for running tasks to end", timeSpan)
    .option("--reset-stats", "forget the statistics once all users are running")
    .option("--equal-weights", "give every user class the same weight")
    .option("--set <key=value>", "a value for the scenario; repeatable", collectPair, {})
    .option("--targets <file>", "target table that judges the run; repeatable", collect, [])
    .option("--csv <prefix>", "write Locust's four CSV files under this prefix")
    .option("--html <file>", "write the HTML report here")
    .option("--json <file>", "write the whole result as JSON here")
    .option("--junit <file>", "write the verdict as JUnit XML here")
    .option("--markdown <file>", "write a summary for a pull request here")
    .option("--results-dir <dir>", "folder of results files", "results")
    .option("--reports-dir <dir>", "folder of the report archive", "reports")
    .option("--only-summary", "no tables while the run goes on")
    .option(
      "--exit-code-on-error <n>",
      "exit code when a request failed and no target did",
      wholeNumber(0, 255),
    )
    .action(async (name: string | undefined, options: LoadOptions) => {
      const { load } = await import("../actions/load.ts");
      process.exitCode = await load(name, options);
    });
}
