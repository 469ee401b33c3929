/**
 * What does the whole gateway cost in CPU per chat request beside others? All in one alternating run: every round starts
 * fresh processes, in reversed order; the CPU time of the server over a fixed number of requests is divided by it. Every
 * request holds an address and a phone number that were not sent before; every answer has both restored.
 */
import { type ChildProcess, fork } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FromChild, Texts, ToChild } from "./gateway/messages.ts";
import { hasNginx, type Nginx, startNginx } from "./gateway/nginx.ts";
import { hasPortkey, type Portkey, startPortkey } from "./gateway/portkey.ts";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "gateway");
const CONNECTIONS = 50;
const WARM_UP_REQUESTS = 8_000;
const MEASURED_REQUESTS = 5_000;
const DEFAULT_ROUNDS = 5;

type Variant = "bare" | "rampart" | "full" | "cached" | "restored" | "fastify" | "nginx" | "portkey";

const VARIANTS: readonly Variant[] = [
  ...(["bare", "rampart", "full", "cached", "restored", "fastify", "nginx", "portkey"] as const),
];

/** Ratios of CPU per request, each of two variants. */
const RATIOS: Readonly<Record<string, readonly [measured: Variant, beside: Variant]>> = {
  gateway_vs_bare: ["rampart", "bare"],
  guard_vs_fastify: ["full", "fastify"],
  guard_vs_nginx: ["full", "nginx"],
  guard_vs_portkey: ["full", "portkey"],
  cached_vs_uncached: ["cached", "rampart"],
  restored_vs_uncached: ["restored", "rampart"],
};

/** Variants of the gateway with other texts than new ones. */
const TEXTS: Partial<Record<Variant, Texts>> = { cached: "repeated", restored: "revalued" };

/** Environment of the variants that are the gateway itself. */
const RAMPART: Partial<Record<Variant, Readonly<Record<string, string>>>> = {
  rampart: {},
  full: { FULL: "1" },
  cached: {},
  restored: {},
};

/** One variant in one round. */
interface Measurement {
  readonly variant: Variant;
  /** CPU of the server process, user and system, per request, µs. */
  readonly cpuUsPerRequest: number;
  readonly requestsPerSec: number;
  readonly p50Us: number;
  readonly p99Us: number;
  readonly rssBytes: number;
  /** Answers whose status was not 200. */
  readonly wrong: number;
}

/** A server under measurement. */
interface Peer {
  readonly port: number;
  /** Header lines that it wants with every request. */
  readonly headers: string;
  cpu(): Promise<{ readonly cpuUs: number; readonly rssBytes: number }>;
  stop(): void;
}

/**
 * Runs the benchmark.
 * @param args `--rounds N` (default 7); `--only a,b` of bare, rampart, full, cached, restored, fastify, nginx,
 *   portkey
 * @returns `{ ratios, cpuUsPerRequest, missing, rounds }`; a ratio is the median of the rounds' ratios, and is left out when
 *   its peer is missing
 */
export async function run(args: string[]): Promise<object> {
  const roundCount = Number(flagValue(args, "--rounds") ?? DEFAULT_ROUNDS);
  const only = flagValue(args, "--only")?.split(",");
  const missing = [...(hasNginx() ? [] : ["nginx"]), ...(hasPortkey() ? [] : ["portkey"])];
  const variants = VARIANTS.filter(
    (name) => !missing.includes(name) && (only === undefined || only.includes(name)),
  );
  const upstream = start("upstream");
  const upstreamPort = (await answer(upstream, "listening")).port;
  const rounds: Measurement[][] = [];
  try {
    for (let round = 0; round < roundCount; round += 1) {
      const measured: Measurement[] = [];
      for (const variant of round % 2 === 0 ? variants : variants.toReversed())
        measured.push(await measure(variant, upstreamPort));
      rounds.push(measured);
      const line = measured.map(
        ({ variant, cpuUsPerRequest }) => `${variant} ${cpuUsPerRequest.toFixed(1)} µs`,
      );
      process.stderr.write(`round ${round + 1}: ${line.join(", ")}\n`);
    }
  } finally {
    upstream.kill();
  }
  const ratios: Record<string, number> = {};
  for (const [name, [measured, beside]] of Object.entries(RATIOS)) {
    if (!variants.includes(measured) || !variants.includes(beside)) continue;
    const values = rounds.map((round) => cpuOf(round, measured) / cpuOf(round, beside));
    ratios[name] = median(values);
    process.stderr.write(
      `${name} ${median(values).toFixed(3)} (${values.map((value) => value.toFixed(2)).join(", ")})\n`,
    );
  }
  for (const name of missing) process.stderr.write(`${name} is not installed: its ratio is left out\n`);
  return {
    ratios,
    cpuUsPerRequest: Object.fromEntries(
      variants.map((variant) => [variant, median(rounds.map((round) => cpuOf(round, variant)))]),
    ),
    missing,
    connections: CONNECTIONS,
    requests: MEASURED_REQUESTS,
    rounds,
  };
}

async function measure(variant: Variant, upstreamPort: number): Promise<Measurement> {
  const generator = start("generator");
  const peer = await startPeer(variant, upstreamPort);
  try {
    const texts = TEXTS[variant] ?? "new";
    await load(generator, peer, WARM_UP_REQUESTS, texts);
    const before = await peer.cpu();
    const startedMs = performance.now();
    const { wrong, latencyUs } = await load(generator, peer, MEASURED_REQUESTS, texts);
    const elapsedSec = (performance.now() - startedMs) / 1000;
    const after = await peer.cpu();
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
    peer.stop();
    generator.kill();
  }
}

async function startPeer(variant: Variant, upstreamPort: number): Promise<Peer> {
  if (variant === "nginx") return outsidePeer(await startNginx(upstreamPort));
  if (variant === "portkey") return outsidePeer(await startPortkey(upstreamPort));
  const own = RAMPART[variant];
  const child = start(own === undefined ? variant : "rampart", {
    ...own,
    UPSTREAM: `http://127.0.0.1:${upstreamPort}`,
  });
  const { port } = await answer(child, "listening");
  return {
    port,
    headers: "",
    cpu() {
      ask(child, { kind: "cpu" });
      return answer(child, "cpu");
    },
    stop: () => child.kill(),
  };
}

function outsidePeer(server: Nginx | Portkey): Peer {
  return {
    port: server.port,
    headers: "headers" in server ? server.headers : "",
    cpu: async () => ({ cpuUs: server.cpuUs(), rssBytes: server.rssBytes() }),
    stop: server.stop,
  };
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

function ask(child: ChildProcess, message: ToChild): void {
  child.send(message);
}

function load(
  child: ChildProcess,
  { port, headers }: Peer,
  requests: number,
  texts: Texts,
): Promise<Extract<FromChild, { kind: "done" }>> {
  ask(child, { kind: "load", port, connections: CONNECTIONS, requests, texts, headers });
  return answer(child, "done");
}

function flagValue(args: readonly string[], flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at === -1 ? undefined : args[at + 1];
}

function cpuOf(round: readonly Measurement[], variant: Variant): number {
  return round.find((measurement) => measurement.variant === variant)?.cpuUsPerRequest ?? Number.NaN;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
