/** `rampart load`: flags, environment names and configuration files of Locust, and our own flags. */
import { type Command, Option } from "commander";
import { collect, collectPair, timeSpan } from "../flags.ts";
import type { LoadOptions } from "../load-options.ts";
import { portNumber, positiveNumber, wholeNumber } from "../numbers.ts";
import { OBSERVING_ENV } from "../observing.ts";

/** Adds `rampart load`. Its work is loaded when it runs. */
export function addLoadCommand(program: Command): void {
  const command = program
    .command("load")
    .description("Run a load scenario and judge it against its targets.")
    .argument("[names...]", "a shipped scenario (see --list) and user classes; with -f only user classes");
  for (const option of [...scenarioOptions(), ...runOptions(), ...workerOptions(), ...outputOptions()])
    command.addOption(option);
  command.action(async (names: string[], options: LoadOptions) => {
    const { withConfigFiles } = await import("../load-config.ts");
    const { load } = await import("../actions/load.ts");
    process.exitCode = await load(names, withConfigFiles(command, options));
  });
}

function scenarioOptions(): Option[] {
  return [
    new Option("-f, --locustfile <file>", "a scenario file of your own (TypeScript or JavaScript)").env(
      "LOCUST_LOCUSTFILE",
    ),
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
    new Option("--ca <file>", "PEM file with certificate authorities to trust"),
    new Option("--show-task-ratio", "print the shares of the tasks and end"),
    new Option("--show-task-ratio-json", "print the shares of the tasks as JSON and end"),
  ];
}

function runOptions(): Option[] {
  return [
    new Option("-u, --users <n>", "peak number of users").env("LOCUST_USERS").argParser(wholeNumber(1)),
    new Option("-r, --spawn-rate <n>", "users started per second")
      .env("LOCUST_SPAWN_RATE")
      .argParser(positiveNumber),
    new Option("-t, --run-time <span>", "duration: 300, 20s, 3m, 1h30m")
      .env("LOCUST_RUN_TIME")
      .argParser(timeSpan),
    new Option(
      "--arrival-rate <n>",
      "open model: iterations started per second, whatever the answers do",
    ).argParser(positiveNumber),
    new Option(
      "--stages <list>",
      "span:target pairs, such as 30s:10,1m:50; users, or with --arrival-rate iterations per second",
    ),
    new Option("-s, --stop-timeout <span>", "time for running tasks to end")
      .env("LOCUST_STOP_TIMEOUT")
      .argParser(timeSpan),
    new Option("--reset-stats", "forget the statistics once all users are running").env("LOCUST_RESET_STATS"),
    new Option(
      "--threshold <expression>",
      "k6 threshold, such as 'p(95)<200' or 'http_req_failed: rate<0.01'; repeatable",
    )
      .argParser(collect)
      .default([], "none"),
    new Option("--targets <file>", "target table that judges the run; repeatable")
      .argParser(collect)
      .default([], "the scenario's"),
    new Option(
      "--observe-pid <pid>",
      "local process of the system under test, or a file that holds its id",
    ).env(OBSERVING_ENV.pid),
    new Option("--observe-redis <url>", "Redis of the system under test").env(OBSERVING_ENV.redis),
    new Option("--observe-postgres <url>", "PostgreSQL of the system under test").env(OBSERVING_ENV.postgres),
    new Option("--no-beside", "leave out the run that the scenario compares itself with"),
    new Option("--faults <file>", "drill file: faults to make while the run goes on"),
    new Option("--exit-code-on-error <n>", "exit code when a request failed and no target did")
      .env("LOCUST_EXIT_CODE_ON_ERROR")
      .argParser(wholeNumber(0, 255)),
  ];
}

function workerOptions(): Option[] {
  return [
    new Option("--headless", "no web page: run in the terminal").env("LOCUST_HEADLESS"),
    new Option("--autostart", "start at once, with the web page").env("LOCUST_AUTOSTART"),
    new Option("--autoquit <seconds>", "end the web page so long after the run")
      .env("LOCUST_AUTOQUIT")
      .argParser(wholeNumber(0)),
    new Option("--web-host <address>", "address of the web page").env("LOCUST_WEB_HOST").default("127.0.0.1"),
    new Option("-P, --web-port <port>", "port of the web page")
      .env("LOCUST_WEB_PORT")
      .argParser(portNumber)
      .default(8089),
    new Option("--processes <n>", "worker threads on this machine")
      .env("LOCUST_PROCESSES")
      .argParser(wholeNumber(1, 256)),
    new Option("--master", "lead workers on other machines (Rampart, Locust, boomer)").env(
      "LOCUST_MODE_MASTER",
    ),
    new Option("--master-bind-host <address>", "address the master listens on")
      .env("LOCUST_MASTER_BIND_HOST")
      .default("*"),
    new Option("--master-bind-port <port>", "port the master listens on")
      .env("LOCUST_MASTER_BIND_PORT")
      .argParser(portNumber)
      .default(5557),
    new Option("--expect-workers <n>", "wait for so many workers")
      .env("LOCUST_EXPECT_WORKERS")
      .argParser(wholeNumber(1))
      .default(1),
    new Option("--expect-workers-max-wait <seconds>", "give up waiting after; 0 = never")
      .env("LOCUST_EXPECT_WORKERS_MAX_WAIT")
      .argParser(wholeNumber(0))
      .default(0),
    new Option("--worker", "work for a master (Rampart or Locust)").env("LOCUST_MODE_WORKER"),
    new Option("--master-host <address>", "where the master is")
      .env("LOCUST_MASTER_NODE_HOST")
      .default("127.0.0.1"),
    new Option("--master-port <port>", "port of the master")
      .env("LOCUST_MASTER_NODE_PORT")
      .argParser(portNumber)
      .default(5557),
    new Option("--token <secret>", "shared secret of master and workers").env("RAMPART_LOAD_TOKEN"),
  ];
}

function outputOptions(): Option[] {
  return [
    new Option("--csv <prefix>", "write Locust's four CSV files under this prefix").env("LOCUST_CSV"),
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
    new Option("--print-stats", "print tables while the run goes on (the default in the terminal)").env(
      "LOCUST_PRINT_STATS",
    ),
    new Option("--only-summary", "print only the summary at the end").env("LOCUST_ONLY_SUMMARY"),
    new Option("-L, --loglevel <level>", "DEBUG, INFO, WARNING, ERROR or CRITICAL")
      .env("LOCUST_LOGLEVEL")
      .default("INFO"),
    new Option("--logfile <file>", "write log lines here instead of to the terminal").env("LOCUST_LOGFILE"),
  ];
}
