/** Sends the same requests through a gateway and straight to its upstream, in pairs, and times each. */
import { Client } from "undici";
import { type MonotonicClock, monotonicMs, RampartError } from "#shared";

/** Time that one request gets, ms. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Failures in a row on one side before the measurement is given up. */
const GIVE_UP_AFTER = 20;

/** One side of a pair. */
export interface OverheadSide {
  /** Complete URL that is posted to. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Options of {@link runPairs}. */
export interface PairOptions {
  readonly through: OverheadSide;
  readonly direct: OverheadSide;
  /** Body of the pair with this number; both sides get the same. */
  readonly body: (pair: number) => string;
  /** Pairs that are under way at the same time. */
  readonly users: number;
  readonly durationSec: number;
  /** Seconds at the start whose pairs are not kept: compiled code and open connections. */
  readonly warmUpSec: number;
  readonly clock?: MonotonicClock;
}

/** Times of pairs in the order in which they ended; the arrays are equally long. */
export interface PairSamples {
  readonly throughMs: number[];
  readonly directMs: number[];
  /** Parts that the gateway told in `Server-Timing`, ms; null for a pair whose answer told none. */
  readonly parts: (Readonly<Record<string, number>> | null)[];
  /** Pairs left out because a side failed, by side. */
  readonly failures: { through: number; direct: number };
  /** Requests that the gateway got, warm-up included. */
  sentThrough: number;
}

interface Timed {
  readonly ms: number;
  readonly isOk: boolean;
  readonly timing: string;
}

/**
 * Runs pairs until the time is over. Which side goes first changes from pair to pair, so that both see the same moments.
 * @throws RMP_NET_UNREACHABLE naming the side when it keeps failing
 */
export async function runPairs(options: PairOptions): Promise<PairSamples> {
  const clock = options.clock ?? monotonicMs;
  const samples: PairSamples = {
    throughMs: [],
    directMs: [],
    parts: [],
    failures: { through: 0, direct: 0 },
    sentThrough: 0,
  };
  const startedMs = clock();
  const keepFromMs = startedMs + options.warmUpSec * 1000;
  const endMs = keepFromMs + options.durationSec * 1000;
  let pairs = 0;
  const inARow = { through: 0, direct: 0 };

  async function user(): Promise<void> {
    const through = openSide(options.through, clock);
    const direct = openSide(options.direct, clock);
    try {
      while (clock() < endMs) {
        const pair = pairs;
        pairs += 1;
        const body = options.body(pair);
        samples.sentThrough += 1;
        const isThroughFirst = pair % 2 === 0;
        const first = await (isThroughFirst ? through : direct).send(body);
        const second = await (isThroughFirst ? direct : through).send(body);
        const [there, straight] = isThroughFirst ? [first, second] : [second, first];
        note("through", there);
        note("direct", straight);
        if (!there.isOk || !straight.isOk || clock() < keepFromMs) continue;
        samples.throughMs.push(there.ms);
        samples.directMs.push(straight.ms);
        samples.parts.push(serverTiming(there.timing));
      }
    } finally {
      await Promise.all([through.close(), direct.close()]);
    }
  }
  function note(side: "through" | "direct", timed: Timed): void {
    if (timed.isOk) {
      inARow[side] = 0;
      return;
    }
    samples.failures[side] += 1;
    inARow[side] += 1;
    if (inARow[side] >= GIVE_UP_AFTER)
      throw new RampartError(
        "RMP_NET_UNREACHABLE",
        `${side === "through" ? "the gateway" : "the upstream"} did not answer with success ${GIVE_UP_AFTER} times in a row`,
        { field: side },
      );
  }

  await Promise.all(Array.from({ length: options.users }, user));
  return samples;
}

/** One keep-alive connection to a side. */
function openSide({ url, headers }: OverheadSide, clock: MonotonicClock) {
  const { origin, pathname, search } = new URL(url);
  const client = new Client(origin, {
    pipelining: 1,
    headersTimeout: REQUEST_TIMEOUT_MS,
    bodyTimeout: REQUEST_TIMEOUT_MS,
  });
  const request = {
    method: "POST" as const,
    path: `${pathname}${search}`,
    headers: { "content-type": "application/json", ...headers },
  };
  return {
    async send(body: string): Promise<Timed> {
      const sentMs = clock();
      try {
        const answer = await client.request({ ...request, body });
        await answer.body.arrayBuffer();
        const ms = clock() - sentMs;
        const timing = answer.headers["server-timing"];
        return {
          ms,
          isOk: answer.statusCode >= 200 && answer.statusCode < 300,
          timing: typeof timing === "string" ? timing : "",
        };
      } catch {
        return { ms: clock() - sentMs, isOk: false, timing: "" };
      }
    },
    close: () => client.destroy(),
  };
}

/** Durations of a Server-Timing header (W3C Server Timing, section 4) by name, ms; null when there are none. */
export function serverTiming(header: string): Readonly<Record<string, number>> | null {
  const parts: Record<string, number> = {};
  for (const entry of header.split(",")) {
    const match = /^\s*([\w-]+)\s*;(?:[^,]*;)?\s*dur=([\d.]+)/.exec(entry);
    if (match?.[1] !== undefined) parts[match[1]] = Number(match[2]);
  }
  return Object.keys(parts).length === 0 ? null : parts;
}
