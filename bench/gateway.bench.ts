/**
 * What does the whole gateway cost in CPU per chat request beside a bare pass-through? Every round starts fresh
 * processes, in reversed order; the CPU time of the server process over a fixed number of requests is divided by it.
 */
import { type ChildProcess, fork } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FromChild, ToChild } from "./gateway/messages.ts";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "gateway");
const CONNECTIONS = 50;
const WARM_UP_REQUESTS = 10_000;
const MEASURED_REQUESTS = 5_000;
const DEFAULT_ROUNDS = 7;

const VARIANTS = ["bare", "rampart"] as const;
type Variant = (typeof VARIANTS)[number];

/** One variant in one round. */
interface Measurement {
  readonly variant: Variant;
  /** CPU of the server process, user and system, per request, µs. */
  readonly cpuUsPerRequest: number;
  readonly requestsPerSec: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly rssBytes: number;
  readonly wrong: number;
}

/**
 * Runs the benchmark.
 * @param args `--rounds N` (default 7)
 * @returns `{ ratios: { gateway_vs_bare }, rounds }`; the ratio is the median of the rounds' ratios
 */
export async function run(args: string[]): Promise<object> {
  const at = args.indexOf("--rounds");
  const roundCount = at === -1 ? DEFAULT_ROUNDS : Number(args[at + 1]);
  const upstream = start("upstream");
  const upstreamPort = await listening(upstream);
  const rounds: Measurement[][] = [];
  try {
    for (let round = 0; round < roundCount; round += 1) {
      const order = round % 2 === 0 ? VARIANTS : VARIANTS.toReversed();
      const measured: Measurement[] = [];
      for (const variant of order) measured.push(await measure(variant, upstreamPort));
      rounds.push(measured);
      const line = measured.map(
        ({ variant, cpuUsPerRequest }) => `${variant} ${cpuUsPerRequest.toFixed(1)} µs`,
      );
      process.stderr.write(`round ${round + 1}: ${line.join(", ")}\n`);
    }
  } finally {
    upstream.kill();
  }
  const ratios = rounds.map((round) => cpuOf(round, "rampart") / cpuOf(round, "bare"));
  process.stderr.write(
    `gateway_vs_bare ${median(ratios).toFixed(3)} (${ratios.map((r) => r.toFixed(2)).join(", ")})\n`,
  );
  return {
    ratios: { gateway_vs_bare: median(ratios) },
    cpuUsPerRequest: Object.fromEntries(
      VARIANTS.map((variant) => [variant, median(rounds.map((round) => cpuOf(round, variant)))]),
    ),
    connections: CONNECTIONS,
    requests: MEASURED_REQUESTS,
    rounds,
  };
}

async function measure(variant: Variant, upstreamPort: number): Promise<Measurement> {
  const server = start(variant, { UPSTREAM: `http://127.0.0.1:${upstreamPort}` });
  const generator = start("generator");
  try {
    const port = await listening(server);
    await load(generator, port, WARM_UP_REQUESTS);
    const before = await cpu(server);
    const startedMs = performance.now();
    const { wrong, latencyUs } = await load(generator, port, MEASURED_REQUESTS);
    const elapsedSec = (performance.now() - startedMs) / 1000;
    const after = await cpu(server);
    latencyUs.sort((a, b) => a - b);
    return {
      variant,
      cpuUsPerRequest: (after.cpuUs - before.cpuUs) / MEASURED_REQUESTS,
      requestsPerSec: MEASURED_REQUESTS / elapsedSec,
      p50Us: latencyUs[Math.floor(latencyUs.length * 0.5)] ?? 0,
      p99Us: latencyUs[Math.floor(latencyUs.length * 0.99)] ?? 0,
      rssBytes: after.rssBytes,
      wrong,
    };
  } finally {
    server.kill();
    generator.kill();
  }
}

function start(role: string, environment: Record<string, string> = {}): ChildProcess {
  return fork(join(FOLDER, `${role}.mjs`), [], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
}

function answer<K extends FromChild["kind"]>(
  child: ChildProcess,
  kind: K,
): Promise<Extract<FromChild, { kind: K }>> {
  return new Promise((resolve, reject) => {
    const onExit = (): void =>
      reject(new Error(`a process of the benchmark ended before it answered "${kind}"`));
    const onMessage = (message: FromChild): void => {
      if (message.kind !== kind) return;
      child.off("exit", onExit).off("message", onMessage);
      resolve(message as Extract<FromChild, { kind: K }>); // the kind was compared
    };
    child.on("exit", onExit).on("message", onMessage);
  });
}

async function listening(child: ChildProcess): Promise<number> {
  return (await answer(child, "listening")).port;
}

function ask(child: ChildProcess, message: ToChild): void {
  child.send(message);
}

function cpu(child: ChildProcess): Promise<Extract<FromChild, { kind: "cpu" }>> {
  ask(child, { kind: "cpu" });
  return answer(child, "cpu");
}

function load(
  child: ChildProcess,
  port: number,
  requests: number,
): Promise<Extract<FromChild, { kind: "done" }>> {
  ask(child, { kind: "load", port, connections: CONNECTIONS, requests });
  return answer(child, "done");
}

function cpuOf(round: readonly Measurement[], variant: Variant): number {
  return round.find((measurement) => measurement.variant === variant)?.cpuUsPerRequest ?? Number.NaN;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
