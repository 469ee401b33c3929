/** `rampart config check` and `schema`: the gateway's configuration file. */
import type { Command } from "commander";
import type { ConfigCheckOptions } from "../actions/config.ts";

/** Adds the commands of the configuration. Their work is loaded when they run. */
export function addConfigCommands(program: Command): void {
  const config = program.command("config").description("Check rampart.yaml, or describe it.");

  config
    .command("check")
    .description(
      "Check a file as a start would, with the environment that is set; exit code 2 names line, key, reason and what to do.",
    )
    .argument("[file]", "the file", "rampart.yaml")
    .option("--policy <name>", "shipped policy or path of a policy file", "default_pii")
    .option("--json", "print the faults as JSON")
    .action(async (file: string, options: ConfigCheckOptions) => {
      const { checkConfiguration } = await import("../actions/config.ts");
      process.exitCode = checkConfiguration(file, options);
    });

  config
    .command("schema")
    .description("Print the JSON Schema of rampart.yaml, for editors.")
    .action(async () => {
      const { printSchema } = await import("../actions/config.ts");
      printSchema();
    });

  for (const command of config.commands) command.exitOverride();
}
