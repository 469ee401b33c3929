/**
 * What does one request cost the load generator in CPU time, beside wrk, autocannon and Locust's FastHttpUser?
 * `npm run --silent bench -- engine --json`: 50 connections, GET and POST of 500 B, a fresh process for each
 * measurement, order reversed every other round. CPU time is user + system of the client's process. Start-up counts for
 * none of them, nor does the time in which V8 compiles (see `engine/clients.mjs`). At most four minutes, half of that on
 * a machine with nothing else to do.
 */
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileEngine } from "./engine/compile.ts";
import { hasProgram, onCore, startServer } from "./engine/server.ts";

/** Even rounds GET, odd rounds POST; the order of the clients is reversed every other round. */
const ROUNDS = 8;
const SECONDS = 7;
const WRK_SECONDS = 2;
const LOCUST_SECONDS = 3;
const CONNECTIONS = 50;
const DEADLINE_MS = 225_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const here = join(root, "bench", "engine");

type Method = "GET" | "POST";
type Client = "wrk" | "bare" | "scenario" | "autocannon" | "locust_fast";

interface Figures {
  readonly requests: number;
  readonly cpuUs: number;
  readonly rssMb?: number;
}

interface Measurement extends Figures {
  readonly round: number;
  readonly client: Client;
  readonly method: Method;
}

/** Runs the benchmark. @returns ratios (medians over rounds and methods) and every raw figure */
export async function run(args: string[]): Promise<object> {
  const startedMs = Date.now();
  const only = args
    .find((arg) => arg.startsWith("--only="))
    ?.slice("--only=".length)
    .split(",");
  const missing: string[] = [];
  const clients = (["wrk", "bare", "scenario", "autocannon", "locust_fast"] as const).filter((client) => {
    if (only !== undefined && !only.includes(client)) return false;
    const program = client === "wrk" ? "wrk" : client === "locust_fast" ? "locust" : null;
    if (program === null || hasProgram(program)) return true;
    missing.push(program);
    return false;
  });
  for (const name of missing) process.stderr.write(`${name} is not installed; its ratio is left out\n`);
  const engineDirectory = compileEngine(root);
  const server = await startServer();
  const rounds: Measurement[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const order = Math.floor(round / 2) % 2 === 0 ? clients : [...clients].reverse();
      const method = round % 2 === 0 ? "GET" : "POST";
      for (const client of order) {
        if (client === "locust_fast" && method === "POST") continue;
        const figures = await measure(client, method, server.url, engineDirectory);
        rounds.push({ round, client, method, ...figures });
        process.stderr.write(
          `round ${round + 1} ${method} ${client}: ${figures.cpuUs.toFixed(1)} µs CPU per request (${figures.requests} requests)\n`,
        );
      }
      if (Date.now() - startedMs > DEADLINE_MS) break;
    }
  } finally {
    server.stop();
  }
  const ratio = (client: Client, base: Client) => medianRatio(rounds, client, base);
  const ratios = {
    engine_vs_autocannon: ratio("scenario", "autocannon"),
    bare_vs_wrk: ratio("bare", "wrk"),
    scenario_vs_wrk: ratio("scenario", "wrk"),
    scenario_vs_autocannon: ratio("scenario", "autocannon"),
    scenario_vs_locust_fast: ratio("scenario", "locust_fast"),
  };
  return {
    server: server.kind,
    connections: CONNECTIONS,
    missing,
    ratios: Object.fromEntries(Object.entries(ratios).filter(([, value]) => value !== null)),
    medianCpuUs: Object.fromEntries(
      clients.map((client) => [
        client,
        median(rounds.filter((row) => row.client === client).map((row) => row.cpuUs)),
      ]),
    ),
    rounds,
  };
}

async function measure(
  client: Client,
  method: Method,
  url: string,
  engineDirectory: string,
): Promise<Figures> {
  if (client === "wrk") return await measureWrk(method, url);
  if (client === "locust_fast") return await measureLocust(url);
  const args = [
    process.execPath,
    join(here, "clients.mjs"),
    client,
    method,
    url,
    String(SECONDS),
    engineDirectory,
  ];
  // The program prints exactly this shape (see clients.mjs).
  return JSON.parse((await output(args)).stdout) as Figures;
}

async function measureWrk(method: Method, url: string): Promise<Figures> {
  const script = method === "POST" ? `-s ${join(here, "post.lua")}` : "";
  const { stdout } = await output([
    "bash",
    "-c",
    `wrk -t1 -c${CONNECTIONS} -d${WRK_SECONDS}s ${script} ${url}/json; times`,
  ]);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  // The last line of `times` is user and system time of the children, as 0m1.234s.
  const spent = [...(stdout.trim().split("\n").at(-1) ?? "").matchAll(/(\d+)m([\d.]+)s/g)];
  const cpuSec = spent.reduce((sum, match) => sum + Number(match[1]) * 60 + Number(match[2]), 0);
  return { requests, cpuUs: (cpuSec * 1e6) / requests };
}

async function measureLocust(url: string): Promise<Figures> {
  const users = String(CONNECTIONS);
  const { stdout } = await output(
    [
      "locust",
      "-f",
      join(here, "locustfile.py"),
      "--headless",
      "-u",
      users,
      "-r",
      users,
      "-t",
      `${LOCUST_SECONDS}s`,
      "--host",
      url,
      "--only-summary",
    ],
    true,
  );
  const line = stdout.split("\n").find((text) => text.startsWith("BENCH "));
  if (line === undefined) throw new Error("locust printed no figures");
  // The locustfile prints exactly this shape.
  return JSON.parse(line.slice("BENCH ".length)) as Figures;
}

function output(command: readonly string[], mayFail = false): Promise<{ stdout: string }> {
  const [program = "", ...args] = [...onCore(1), ...command];
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: root });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data) => {
      stdout += data;
    });
    child.stderr.on("data", (data) => {
      stderr += data;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0 || mayFail) resolve({ stdout });
      else reject(new Error(`${command.slice(0, 3).join(" ")} ended with ${code}: ${stderr.slice(-500)}`));
    });
  });
}

/** Median over rounds and methods of the ratio of two measurements made beside each other. */
function medianRatio(rounds: readonly Measurement[], client: Client, base: Client): number | null {
  const ratios = rounds
    .filter((row) => row.client === client)
    .flatMap((row) => {
      const other = rounds.find((r) => r.client === base && r.round === row.round && r.method === row.method);
      return other === undefined ? [] : [row.cpuUs / other.cpuUs];
    });
  return ratios.length === 0 ? null : Math.round(median(ratios) * 1000) / 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
