/** Entry of the `rampart` command: wires the commands and turns errors into one line and an exit code. */
import { Command, CommanderError } from "commander";
import { EXIT } from "#shared";
import { isClosedPipe, outliveReaders } from "./closed-pipe.ts";
import { addAuditCommands } from "./commands/audit.ts";
import { addConfigCommands } from "./commands/config.ts";
import { addDetectionCommands } from "./commands/detection.ts";
import { addLabCommands } from "./commands/lab.ts";
import { addLoadCommand } from "./commands/load.ts";
import { addRunCommands } from "./commands/runs.ts";
import { addServerCommands } from "./commands/servers.ts";
import { printError } from "./output.ts";
import { packageVersion } from "./package-info.ts";

/**
 * Runs one command line.
 * @param argv arguments after `rampart`
 * @returns never rejects: a failed command prints one line on stderr and sets the exit code
 */
export async function main(argv: readonly string[]): Promise<void> {
  const program = createProgram();
  outliveReaders();
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
    else if (isClosedPipe(error)) process.exitCode = EXIT.done;
    else process.exitCode = printError(error);
  }
}

/** The whole command tree; also read by the documentation generator. */
export function createProgram(): Command {
  const program = new Command("rampart")
    .description("A guard for LLM traffic that proves its own performance.")
    .version(packageVersion(), "-V, --version")
    .exitOverride()
    .showHelpAfterError("(see --help)");
  addServerCommands(program);
  addLoadCommand(program);
  addRunCommands(program);
  addLabCommands(program);
  addDetectionCommands(program);
  addAuditCommands(program);
  addConfigCommands(program);
  for (const command of program.commands) command.exitOverride();
  return program;
}
