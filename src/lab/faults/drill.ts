/** Breaks and mends what a drill names, on the time axis of a run. */
import type { Fault, FaultRecord, MockConfig, RunResult } from "#contract";
import { type EpochClock, RampartError, epochMs as systemEpochMs, toRampartError } from "#shared";
import type { Drill } from "./drill-file.ts";
import { measureFault } from "./recovery.ts";
import { createService, type Service } from "./service.ts";
import { createFaultProxy, type FaultProxy } from "./tcp-proxy.ts";

/** Time that the mock has to take new settings, ms. */
const MOCK_TIMEOUT_MS = 5_000;

/** A drill whose services and proxies are up. */
export interface RunningDrill {
  /** Sets the start of the run's time axis, epoch ms; faults begin from there. Later calls change nothing. */
  begin(startedAtMs: number): void;
  /** Ends every fault that is still in place. @returns the result with what was measured of each fault */
  finish(result: RunResult): Promise<RunResult>;
  /** Ends faults, proxies and the services that the drill started. */
  close(): Promise<void>;
}

/** What was done, when. */
interface Deed {
  readonly fault: Fault;
  fromMs: number | null;
  toMs: number | null;
  problem: string | null;
}

/**
 * Starts services and proxies of a drill.
 * @param mockUrl base URL of the mock LLM when the drill names none
 * @throws RMP_LAB_FAULT, RMP_NET_PORT_IN_USE
 */
export async function startDrill(
  drill: Drill,
  mockUrl: string | null,
  epochMs: EpochClock = systemEpochMs,
): Promise<RunningDrill> {
  const services = new Map(drill.services.map((spec) => [spec.name, createService(spec)]));
  const proxies = new Map(drill.proxies.map((spec) => [spec.name, createFaultProxy(spec)]));
  const close = async (): Promise<void> => {
    await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    // The other way round than they were started: what depends on a service ends before it.
    for (const service of [...services.values()].reverse()) await service.end();
  };
  try {
    for (const proxy of proxies.values()) await proxy.listen();
    for (const service of services.values()) await service.start();
  } catch (error) {
    await close();
    throw error;
  }
  const parts = { services, proxies, mock: drill.mock ?? mockUrl };
  const deeds: Deed[] = drill.faults.map((fault) => ({ fault, fromMs: null, toMs: null, problem: null }));
  const timers: NodeJS.Timeout[] = [];
  const ends: (() => Promise<void>)[] = [];
  const deedsUnderWay = new Set<Promise<void>>();
  let hasBegun = false;

  async function commit(deed: Deed): Promise<void> {
    let mend: () => Promise<void>;
    try {
      mend = await make(deed.fault, parts);
      deed.fromMs = epochMs();
    } catch (error) {
      deed.problem = toRampartError(error).message;
      return;
    }
    const end = async () => {
      if (deed.toMs !== null) return;
      try {
        await mend();
      } catch (error) {
        deed.problem = toRampartError(error).message;
      }
      deed.toMs = epochMs();
    };
    if (deed.fault.forSec === 0) await end();
    else {
      ends.push(end);
      timers.push(setTimeout(() => track(end()), deed.fault.forSec * 1000));
    }
  }
  function track(work: Promise<void>): void {
    deedsUnderWay.add(work);
    void work.finally(() => deedsUnderWay.delete(work));
  }
  async function endAll(): Promise<void> {
    for (const timer of timers) clearTimeout(timer);
    await Promise.all(deedsUnderWay);
    await Promise.all(ends.map((end) => end()));
  }

  return {
    begin(startedAtMs) {
      if (hasBegun) return;
      hasBegun = true;
      for (const deed of deeds)
        timers.push(
          setTimeout(
            () => track(commit(deed)),
            Math.max(0, startedAtMs + deed.fault.atSec * 1000 - epochMs()),
          ),
        );
    },
    async finish(result) {
      await endAll();
      const faults = deeds.map((deed) => recordOf(deed, result));
      return { ...result, faults };
    },
    async close() {
      await endAll();
      await close();
    },
  };
}

interface Parts {
  readonly services: ReadonlyMap<string, Service>;
  readonly proxies: ReadonlyMap<string, FaultProxy>;
  readonly mock: string | null;
}

/** Makes a fault. @returns what ends it */
async function make({ action }: Fault, parts: Parts): Promise<() => Promise<void>> {
  if (action.kind === "upstream") {
    const before = await mockSettings(parts.mock, action.settings);
    return async () => {
      await mockSettings(parts.mock, before);
    };
  }
  if (action.kind === "proxy") {
    const proxy = parts.proxies.get(action.proxy);
    proxy?.set(action.effect);
    return async () => proxy?.set({});
  }
  const service = parts.services.get(action.service);
  if (service === undefined) throw new RampartError("RMP_LAB_FAULT", `no service ${action.service}`);
  switch (action.kind) {
    case "kill":
      service.kill();
      return () => service.start();
    case "freeze":
      service.freeze();
      return async () => service.resume();
    case "kill-child":
      await service.killChild();
      return async () => {};
  }
}

/** Changes settings of the mock. @returns what they were before */
async function mockSettings(
  mock: string | null,
  settings: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  if (mock === null)
    throw new RampartError("RMP_LAB_FAULT", "upstream faults need the address of the mock LLM (mock:)");
  const url = `${mock}/__mock/config`;
  const ask = async (init?: RequestInit): Promise<MockConfig> => {
    const response = await fetch(url, { ...init, signal: AbortSignal.timeout(MOCK_TIMEOUT_MS) });
    if (!response.ok)
      throw new RampartError("RMP_LAB_FAULT", `the mock LLM refused the settings (${response.status})`);
    return (await response.json()) as MockConfig;
  };
  const before: Readonly<Record<string, unknown>> = { ...(await ask()) };
  await ask({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(settings),
  });
  return Object.fromEntries(Object.keys(settings).map((key) => [key, before[key]]));
}

function recordOf(deed: Deed, result: RunResult): FaultRecord {
  const label = labelOf(deed.fault);
  if (deed.fromMs === null || deed.toMs === null)
    return {
      label,
      fromSec: deed.fault.atSec,
      toSec: deed.fault.atSec,
      recoverySec: null,
      requestsLost: 0,
      problem: deed.problem ?? "the run ended before it began",
    };
  return {
    label,
    ...measureFault(result, {
      fromSec: (deed.fromMs - result.startedAtMs) / 1000,
      toSec: (deed.toMs - result.startedAtMs) / 1000,
    }),
    problem: deed.problem,
  };
}

/** `kill redis`, `freeze postgres`, `proxy upstream: delayMs 200`, `upstream: fault stall`. */
export function labelOf({ action }: Fault): string {
  const settings = (of: object) =>
    Object.entries(of)
      .map(([key, value]) => `${key} ${String(value)}`)
      .join(", ");
  switch (action.kind) {
    case "upstream":
      return `upstream: ${settings(action.settings)}`;
    case "proxy":
      return `proxy ${action.proxy}: ${settings(action.effect)}`;
    case "kill-child":
      return `kill a child of ${action.service}`;
    default:
      return `${action.kind} ${action.service}`;
  }
}
