/** `rampart audit verify`, `query` and `export`: the gateway's audit log. */
import { type Command, Option } from "commander";
import type { ExportOptions, QueryOptions, VerifyOptions } from "../actions/audit.ts";
import { wholeNumber } from "../numbers.ts";

/** Adds the commands of the audit log. Their work is loaded when they run. */
export function addAuditCommands(program: Command): void {
  const audit = program.command("audit").description("Check and read the gateway's audit log.");

  addSource(
    audit
      .command("verify")
      .description(
        "Walk the hash chain over all files; exit code 99 when a record was changed, removed or moved.",
      ),
    "the log on disk",
  )
    .option("--head <hash>", "hash of a record that must be there, as an earlier check printed it")
    .option("--json", "print the whole result as JSON")
    .action(async (options: VerifyOptions) => {
      const { verify } = await import("../actions/audit.ts");
      process.exitCode = await verify(options);
    });

  addFilters(audit.command("query").description("Show the newest requests that match."))
    .option("--limit <number>", "most requests", wholeNumber(1, 100_000), 100)
    .option("--json", "print records as JSON, one a line")
    .action(async (options: QueryOptions) => {
      const { query } = await import("../actions/audit.ts");
      await query(options);
    });

  addFilters(audit.command("export").description("Print every matching request on stdout, log by log."))
    .addOption(
      new Option("--format <format>", "jsonl: lines as they stand in the log; csv: one request a line")
        .choices(["jsonl", "csv"])
        .default("jsonl"),
    )
    .action(async (options: ExportOptions) => {
      const { exportAll } = await import("../actions/audit.ts");
      await exportAll(options);
    });

  for (const command of audit.commands) command.exitOverride();
}

function addSource(command: Command, byDefault: string): Command {
  return command
    .option("--dir <folder>", "folder of the log (default: that of the configuration, else audit)")
    .option("--config <file>", "the gateway's rampart.yaml, for folder and database")
    .addOption(
      new Option(
        "--from <source>",
        `disk, or the copy in the database of DATABASE_READ_URL or DATABASE_URL (default: ${byDefault})`,
      ).choices(["disk", "postgres"]),
    );
}

function addFilters(command: Command): Command {
  return addSource(command, "the copy when one is configured and no --dir is given")
    .option("--since <time>", "not before: ISO 8601, or a time span ago such as 1h30m")
    .option("--until <time>", "not after: ISO 8601, or a time span ago")
    .option("--tenant <name>", "only this tenant")
    .option("--route <name>", "only this route; a `*` at the end stands for anything")
    .option(
      "--type <name>",
      "entity type, injection type, action (anonymised, blocked, ...) or kind of record",
    )
    .option("--status <code>", "only this status, or a class such as 4xx");
}
