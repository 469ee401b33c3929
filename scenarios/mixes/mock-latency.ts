/** Gives the mock LLM a latency for the time of a run: without one there is nothing that a cache could save. */
import type { SetupContext } from "rampart/load";
import { mockUrl } from "./upstream-watch.ts";

const TIMEOUT_MS = 5000;
/** Median time to the answer, ms; lognormal as waiting times of services are. */
const LATENCY = { ttftMs: 30, latencyDistribution: "lognormal" } as const;
/** What the mock had before, so that the next run finds it as it was. */
let before: Readonly<Record<string, unknown>> | null = null;

/** Turns the latency on; `--set latency=off` leaves the mock as it is. @returns a sentence for the report */
export async function beginMockLatency(context: SetupContext): Promise<string> {
  if (context.settings["latency"] === "off") return "The upstream's latency was left as it is.";
  try {
    const all = (await configure(mockUrl(context.settings))) as Readonly<Record<string, unknown>>;
    before = Object.fromEntries(Object.keys(LATENCY).map((key) => [key, all[key]]));
    await configure(mockUrl(context.settings), LATENCY);
    return `The mock LLM answers after ${LATENCY.ttftMs} ms in the median (lognormal).`;
  } catch {
    before = null;
    return "The upstream is no mock LLM, so it has its own latency.";
  }
}

/** Gives the mock back what it had. */
export async function endMockLatency(settings: Readonly<Record<string, string>>): Promise<void> {
  if (before === null) return;
  await configure(mockUrl(settings), before);
  before = null;
}

async function configure(url: string, change?: Readonly<Record<string, unknown>>): Promise<unknown> {
  const response = await fetch(`${url}/__mock/config`, {
    ...(change === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(change) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`the mock answers ${response.status}`);
  return response.json();
}
