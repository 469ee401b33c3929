/** Starts the built `rampart` command as a user would, for the end-to-end tests. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The executable script. */
export const RAMPART: string = join(import.meta.dirname, "../../bin/rampart.js");

/** What a finished command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Running {
  readonly process: ChildProcess;
  readonly finished: Promise<Finished>;
  /** Resolves when standard output and error together hold `text`; rejects when the command ends before. */
  prints(text: string): Promise<string>;
}

/** Environment without anything that would steer the command. */
function cleanEnvironment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME, NO_COLOR: "1", ...extra };
}

/** Starts `rampart` with arguments in a folder. */
export function start(
  args: readonly string[],
  cwd: string,
  options: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Running {
  const child = spawn(process.execPath, [RAMPART, ...args], {
    cwd,
    env: cleanEnvironment(options.env ?? {}),
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    for (const watcher of watchers) watcher();
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
    for (const watcher of watchers) watcher();
  });
  child.stdin.end(options.input ?? "");
  const finished = new Promise<Finished>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr })),
  );
  return {
    process: child,
    finished,
    prints: (text) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (`${stdout}${stderr}`.includes(text)) {
            watchers.delete(look);
            resolve(`${stdout}${stderr}`);
          }
        };
        watchers.add(look);
        look();
        void finished.then(() => reject(new Error(`ended without printing "${text}":\n${stdout}${stderr}`)));
      }),
  };
}

/** Runs `rampart` to its end. */
export function run(
  args: readonly string[],
  cwd: string,
  options: Parameters<typeof start>[2] = {},
): Promise<Finished> {
  return start(args, cwd, options).finished;
}

/** An empty folder and the function that removes it. */
export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "rampart-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
