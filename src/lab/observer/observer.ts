/**
 * Samples the system under test while a run goes on, once a second on the run's own time axis: its `/health` and
 * `/metrics`, a local process, its Redis and PostgreSQL, and the machine's network.
 */
import type { RunResult } from "#contract";
import { type EpochClock, epochMs as systemEpochMs } from "#shared";
import { OBSERVED } from "../verdict/observed.ts";
import { derivedFigures, KNOWN_SERIES } from "./known-series.ts";
import { readNetworkFigures } from "./network-figures.ts";
import { createPostgresReader } from "./postgres-figures.ts";
import { createProcessReader } from "./process-figures.ts";
import { numbersOfJson, numbersOfPrometheus } from "./read-figures.ts";
import { createRedisReader } from "./redis-figures.ts";
import { createSeriesStore } from "./series-store.ts";

const INTERVAL_MS = 1000;
/** A probe answered later than this counts as down: the definition of the uptime target. */
const PROBE_TIMEOUT_MS = 1000;
const METRICS_TIMEOUT_MS = 2000;
/** A route that refused so often (status 400 to 499) and never answered is not there, and is not asked again. */
const GIVE_UP_AFTER = 3;
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** What is observed. */
export interface ObserverOptions {
  /** Base URL of the system under test. */
  readonly targetUrl: string;
  /** Headers of the observer's requests, such as a monitor's key. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Local process of the system under test. */
  readonly pid?: number;
  /** Redis of the system under test, `redis://…`. */
  readonly redisUrl?: string;
  /** PostgreSQL of the system under test, `postgres://…`. */
  readonly postgresUrl?: string;
  /** Memory limit of the instance, bytes; the machine's by default. */
  readonly memoryLimitBytes?: number;
  readonly epochMs?: EpochClock;
  readonly intervalMs?: number;
}

/** An observer at work. */
export interface Observer {
  /** Ends the sampling. @returns the result with what was observed */
  finish(result: RunResult): Promise<RunResult>;
  /** Ends the sampling without a result. */
  stop(): void;
}

/** Starts to observe; a target that tells nothing is no error, its series are just not there. */
export function startObserver(options: ObserverOptions): Observer {
  const epochMs = options.epochMs ?? systemEpochMs;
  const base = options.targetUrl.replace(/\/+$/, "");
  const store = createSeriesStore();
  const reader =
    options.pid === undefined ? null : createProcessReader(options.pid, options.memoryLimitBytes);
  const services = [
    ...(options.redisUrl === undefined ? [] : [createRedisReader(options.redisUrl)]),
    ...(options.postgresUrl === undefined ? [] : [createPostgresReader(options.postgresUrl)]),
  ];
  const headers = { ...options.headers };
  const routes = { health: createRoute(`${base}/health`), metrics: createRoute(`${base}/metrics`) };
  let uptimeSec = 0;
  let restarts = 0;
  let reading: Promise<void> | null = null;

  async function round(): Promise<void> {
    const atMs = epochMs();
    const [health, metrics, process, network, ...told] = await Promise.all([
      ask(routes.health, headers, PROBE_TIMEOUT_MS),
      ask(routes.metrics, headers, METRICS_TIMEOUT_MS),
      reader?.read(atMs) ?? new Map<string, number>(),
      readNetworkFigures(),
      ...services.map((service) => service.read()),
    ]);
    const figures = new Map<string, number>();
    const put = (prefix: string, numbers: ReadonlyMap<string, number>) => {
      for (const [name, value] of numbers) figures.set(`${prefix}.${name}`, value);
    };
    if (routes.health.isThere || routes.health.refusals === 0) {
      store.add(OBSERVED.probeOk, atMs, health?.isOk === true ? 1 : 0, true);
      if (health !== null) store.add("probe_ms", atMs, epochMs() - atMs, true);
    }
    if (health !== null) put("health", health.numbers);
    if (metrics?.isOk === true) put("metrics", metrics.numbers);
    put("process", process);
    for (const [name, value] of [network, ...told].flatMap((numbers) => [...numbers]))
      figures.set(name, value);
    for (const [name, value] of derivedFigures(figures)) figures.set(name, value);
    const up = figures.get("metrics.uptime_seconds") ?? figures.get("health.uptime_seconds");
    if (up !== undefined) {
      if (up < uptimeSec) restarts += 1;
      uptimeSec = up;
      store.add(OBSERVED.restarts, atMs, restarts, true);
    }
    const used = new Set<string>();
    for (const [name, sources] of Object.entries(KNOWN_SERIES)) {
      const source = sources.find(([path]) => figures.has(path));
      if (source === undefined) continue;
      store.add(name, atMs, (figures.get(source[0]) ?? 0) * source[1], true);
      for (const [path] of sources) used.add(path);
    }
    for (const [name, value] of figures) if (!used.has(name)) store.add(name, atMs, value, false);
    store.endRound();
  }

  const tick = () => {
    if (reading !== null) return;
    reading = round()
      .catch(() => undefined)
      .finally(() => {
        reading = null;
      });
  };
  tick();
  const timer = setInterval(tick, options.intervalMs ?? INTERVAL_MS);
  timer.unref();
  const stop = (): void => {
    clearInterval(timer);
    for (const service of services) service.close();
  };
  return {
    stop,
    async finish(result) {
      clearInterval(timer);
      await reading;
      stop();
      return { ...result, observed: { ...result.observed, ...store.toData(result.startedAtMs) } };
    },
  };
}

interface Route {
  readonly url: string;
  /** It answered once with success. */
  isThere: boolean;
  refusals: number;
}

interface Answer {
  readonly isOk: boolean;
  readonly numbers: ReadonlyMap<string, number>;
}

function createRoute(url: string): Route {
  return { url, isThere: false, refusals: 0 };
}

/** Asks a route; null when it does not answer in time or was never there. */
async function ask(
  route: Route,
  headers: Readonly<Record<string, string>>,
  timeoutMs: number,
): Promise<Answer | null> {
  if (!route.isThere && route.refusals >= GIVE_UP_AFTER) return null;
  try {
    const response = await fetch(route.url, {
      headers: { accept: "application/json, text/plain;q=0.5", ...headers },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (response.ok) route.isThere = true;
    else if (response.status < 500) route.refusals += 1;
    if (text.length > MAX_BODY_BYTES) return { isOk: response.ok, numbers: new Map() };
    return { isOk: response.ok, numbers: numbersOf(text) };
  } catch {
    return null;
  }
}

function numbersOf(text: string): ReadonlyMap<string, number> {
  try {
    return numbersOfJson(JSON.parse(text));
  } catch {
    return numbersOfPrometheus(text);
  }
}
