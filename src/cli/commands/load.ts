/** `rampart load`: flags, environment names and configuration files of Locust, and our own flags. */
import type { Command } from "commander";
import { outputFlags, scenarioFlags } from "../load-flags.ts";
import type { LoadOptions } from "../load-options.ts";
import { pageFlags } from "../load-page-flags.ts";
import { machineFlags, runFlags } from "../load-run-flags.ts";

/** Adds `rampart load`. Its work is loaded when it runs. */
export function addLoadCommand(program: Command): void {
  const command = program
    .command("load")
    .description("Run a load scenario and judge it against its targets.")
    .argument("[names...]", "a shipped scenario (see --list) and user classes; with -f only user classes");
  const flags = [scenarioFlags(), runFlags(), pageFlags(), machineFlags(), outputFlags()].flat();
  for (const option of flags) command.addOption(option);
  command.action(async (names: string[], options: LoadOptions) => {
    const { withConfigFiles } = await import("../load-config.ts");
    const { load } = await import("../actions/load.ts");
    const given = names.length > 0 ? names : (process.env["LOCUST_USER_CLASSES"] ?? "").split(/[\s,]+/);
    process.exitCode = await load(
      given.filter((name) => name !== ""),
      withConfigFiles(command, options),
    );
  });
}
