/**
 * What do 10,000 virtual users with waits of 1 to 3 s cost on one machine? `npm run --silent bench -- users --json`
 * prints peak memory, CPU and schedule lag of the generator's process against nginx with two workers. Takes 40 s.
 */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compileEngine } from "./engine/compile.ts";
import { startServer } from "./engine/server.ts";

const USERS = 10_000;
const SECONDS = 30;
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs the benchmark. @returns the figures and whether the bounds (400 MB, 20 ms) were kept */
export async function run(_args: string[]): Promise<object> {
  const engineDirectory = compileEngine(root);
  const server = await startServer(2);
  try {
    const script = join(root, "bench/engine/users.mjs");
    const args = [script, String(USERS), server.url, String(SECONDS), engineDirectory];
    const { stdout } = await promisify(execFile)(process.execPath, args);
    // The script prints exactly these among others.
    const figures = JSON.parse(stdout) as { peakRssMb: number; scheduleLagP99Ms: number };
    process.stderr.write(`${stdout}\n`);
    return {
      server: server.kind,
      ...figures,
      isWithinBounds: figures.peakRssMb <= 400 && figures.scheduleLagP99Ms < 20,
    };
  } finally {
    server.stop();
  }
}
