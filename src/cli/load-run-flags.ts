/** Flags of `rampart load` about the load and the machines that make it; Locust's names where it has one. */
import { Option } from "commander";
import { collect, timeSpan } from "./flags.ts";
import { portNumber, positiveNumber, wholeNumber } from "./numbers.ts";
import { OBSERVING_ENV } from "./observing.ts";

/** How much load, how long, and what decides. */
export function runFlags(): Option[] {
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

/** The machines it runs on. */
export function machineFlags(): Option[] {
  return [
    new Option(
      "--processes <n>",
      "worker threads on this machine; with --worker, worker processes; -1 = one per core",
    )
      .env("LOCUST_PROCESSES")
      .argParser(wholeNumber(-1, 256)),
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
    new Option("--enable-rebalancing", "as in Locust; users always move to workers that join").env(
      "LOCUST_ENABLE_REBALANCING",
    ),
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
