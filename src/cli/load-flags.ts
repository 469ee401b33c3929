/** Flags of `rampart load` about what is run and what is written; Locust's names where it has one. */
import { Option } from "commander";
import { collectPair, timeSpan } from "./flags.ts";
import { wholeNumber } from "./numbers.ts";

/** What is run. */
export function scenarioFlags(): Option[] {
  return [
    new Option(
      "-f, --locustfile <files>",
      "your own scenario files (TypeScript or JavaScript): files, folders and http(s) addresses with commas between (user classes of all, settings of the first); with --worker, - takes the master's",
    ).env("LOCUST_LOCUSTFILE"),
    new Option("-l, --list", "list the shipped scenarios, or the user classes of the file"),
    new Option("--config <file>", "configuration file in Locust's format").env("LOCUST_CONFIG"),
    new Option("-H, --host <url>", "base URL of the system under test").env("LOCUST_HOST"),
    new Option("-T, --tags <tags...>", "only tasks with one of these tags").env("LOCUST_TAGS"),
    new Option("-E, --exclude-tags <tags...>", "no tasks with one of these tags").env("LOCUST_EXCLUDE_TAGS"),
    new Option("--equal-weights", "give every user class the same weight"),
    new Option("--shape <name>", "load shape: one of the scenario's, StepLoadShape or SpikeLoadShape"),
    new Option("--seed <n>", "seed of all random choices").argParser(wholeNumber(0)),
    new Option("--set <key=value>", "a value for the scenario; repeatable")
      .argParser(collectPair)
      .default({}, "none"),
    new Option(
      "--wait <which>",
      "waits of the first seed's users: the shipped ones, or those of its load file",
    )
      .choices(["shipped", "seed"])
      .env("RAMPART_WAIT"),
    new Option("--url <url>", "with the scenario websocket: connect to this ws:// or wss:// address instead"),
    new Option("--connections <n>", "with --url: connections held open").argParser(wholeNumber(1)),
    new Option("--duration <span>", "with --url: how long").argParser(timeSpan),
    new Option("--echo-every <span>", "with --url: send a message so often and measure the answer").argParser(
      timeSpan,
    ),
    new Option("--message <text>", "with --echo-every: what to send; a JSON ping with a ts by default"),
    new Option("--http2", "speak HTTP/2"),
    new Option(
      "--config-users <json...>",
      "weight, fixed_count and host of user classes, as Locust takes them",
    ).env("LOCUST_CONFIG_USERS"),
    new Option("--profile <text>", "label of the run, shown in its report").env("LOCUST_PROFILE"),
    new Option("--ca <file>", "PEM file with certificate authorities to trust"),
    new Option("--show-task-ratio", "print the shares of the tasks and end"),
    new Option("--show-task-ratio-json", "print the shares of the tasks as JSON and end"),
  ];
}

/** What is written. */
export function outputFlags(): Option[] {
  return [
    new Option("--csv <prefix>", "write Locust's four CSV files under this prefix").env("LOCUST_CSV"),
    new Option("--csv-full-history", "with --csv: every name second by second in the history file").env(
      "LOCUST_CSV_FULL_HISTORY",
    ),
    new Option("--html <file>", "write the HTML report here; {u}, {r}, {t} become users, rate, time").env(
      "LOCUST_HTML",
    ),
    new Option("--json", "print the statistics as Locust's JSON at the end"),
    new Option("--json-file <name>", "write the statistics as Locust's JSON to NAME.json"),
    new Option("--result-json <file>", "write the whole result as JSON here"),
    new Option("--junit <file>", "write the verdict as JUnit XML here"),
    new Option("--markdown <file>", "write a summary for a pull request here"),
    new Option("--results-dir <dir>", "folder of results files").default("results"),
    new Option("--reports-dir <dir>", "folder of the report archive").default("reports"),
    new Option(
      "--print-stats",
      "print tables while the run goes on: the default in the terminal, with the web page only when asked for",
    ).env("LOCUST_PRINT_STATS"),
    new Option(
      "--otel",
      "refused: the load engine sends no OpenTelemetry data; set telemetry.url of the gateway for its traces",
    ).env("LOCUST_ENABLE_OPENTELEMETRY"),
    new Option("--only-summary", "print only the summary at the end").env("LOCUST_ONLY_SUMMARY"),
    new Option("--skip-log-setup", "print no log lines").env("LOCUST_SKIP_LOG_SETUP"),
    new Option("-L, --loglevel <level>", "DEBUG, INFO, WARNING, ERROR or CRITICAL")
      .env("LOCUST_LOGLEVEL")
      .default("INFO"),
    new Option("--logfile <file>", "write log lines here instead of to the terminal").env("LOCUST_LOGFILE"),
  ];
}
