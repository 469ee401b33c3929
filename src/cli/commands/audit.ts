/** `rampart audit verify`, `query` and `export`: the gateway's audit log. */
import type { Command } from "commander";
import type { VerifyOptions } from "../actions/audit.ts";

const DEFAULT_DIR = "audit";

/** Adds the commands of the audit log. Their work is loaded when they run. */
export function addAuditCommands(program: Command): void {
  const audit = program.command("audit").description("Check and read the gateway's audit log.");

  audit
    .command("verify")
    .description(
      "Walk the hash chain over all files; exit code 99 when a record was changed, removed or moved.",
    )
    .option("--dir <folder>", "folder of the log", DEFAULT_DIR)
    .option("--head <hash>", "hash of a record that must be there, as an earlier check printed it")
    .option("--json", "print the whole result as JSON")
    .action(async (options: VerifyOptions) => {
      const { verify } = await import("../actions/audit.ts");
      process.exitCode = await verify(options);
    });

  for (const command of audit.commands) command.exitOverride();
}
