/** `rampart load --worker --processes N`: the same command as N processes, each a worker of its own for the master. */
import { type ChildProcess, spawn } from "node:child_process";
import { EXIT } from "#shared";

/**
 * Starts the workers, hands signals on, and waits for all of them.
 * @returns the highest of their exit codes
 */
export async function superviseWorkers(count: number): Promise<number> {
  const args = withoutProcesses(process.argv.slice(1));
  const { LOCUST_PROCESSES: _processes, ...env } = process.env;
  const children = Array.from({ length: count }, () =>
    spawn(process.execPath, [...process.execArgv, ...args, "--processes", "1"], { stdio: "inherit", env }),
  );
  const handOn = (signal: NodeJS.Signals) => {
    for (const child of children) child.kill(signal);
  };
  process.on("SIGINT", handOn);
  process.on("SIGTERM", handOn);
  const codes = await Promise.all(children.map(ended));
  return Math.max(...codes);
}

/** A command line without `--processes` and its value. */
export function withoutProcesses(args: readonly string[]): readonly string[] {
  return args.filter((arg, index) => !/^--processes(?:=|$)/.test(arg) && args[index - 1] !== "--processes");
}

function ended(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.on("error", () => resolve(EXIT.errors));
    child.on("exit", (code) => resolve(code ?? EXIT.errors));
  });
}
