/** What all connections of one worker share: clock, read buffer, name cache, the sweep for time-outs. */
import dns from "node:dns";
import type { LookupFunction } from "node:net";
import type { MonotonicClock } from "#shared";
import { HeadMemo } from "./head-memo.ts";
import { type Origin, parseOrigin } from "./origin.ts";
import { WireCache } from "./wire-cache.ts";

/** Size of the shared read buffer; as large as libuv ever reads at once from a TCP socket. */
const READ_BUFFER_BYTES = 64 * 1024;
/** How often time-outs are looked at, ms: their precision. */
const SWEEP_INTERVAL_MS = 20;
/** How long a resolved name is kept, ms. */
const NAME_TTL_MS = 30_000;

/** What the sweep needs of a connection. */
export interface SweptConnection {
  checkTimeouts(nowMs: number): void;
  close(): void;
}

/** Shared by all connections of a worker. */
export interface TransportContext {
  readonly nowMs: MonotonicClock;
  readonly readBuffer: Buffer;
  readonly lookup: LookupFunction;
  readonly connections: Set<SweptConnection>;
  readonly wires: WireCache;
  readonly heads: HeadMemo;
  /** The origin of a base URL, the same object for the same URL. @throws RMP_LOAD_SCENARIO_INVALID */
  originOf(url: string): Origin;
  connectionOpened(): void;
  /** Closes every connection and stops the sweep. */
  close(): void;
}

/** Creates the context of one worker; call `close` when done. */
export function createTransportContext(
  nowMs: MonotonicClock,
  connectionOpened: () => void,
): TransportContext {
  const connections = new Set<SweptConnection>();
  /** Base URLs of user classes: a handful. */
  const origins = new Map<string, Origin>();
  const sweep = setInterval(() => {
    const atMs = nowMs();
    for (const connection of connections) connection.checkTimeouts(atMs);
  }, SWEEP_INTERVAL_MS);
  return {
    nowMs,
    readBuffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
    lookup: createLookup(nowMs),
    connections,
    wires: new WireCache(),
    heads: new HeadMemo(),
    originOf: (url) => {
      let origin = origins.get(url);
      if (origin === undefined) {
        origin = parseOrigin(url);
        origins.set(url, origin);
      }
      return origin;
    },
    connectionOpened,
    close: () => {
      clearInterval(sweep);
      for (const connection of connections) connection.close();
    },
  };
}

/** `dns.lookup` with answers kept for a while: load tests ask the same name thousands of times a second. */
function createLookup(nowMs: MonotonicClock): LookupFunction {
  const known = new Map<string, { addresses: dns.LookupAddress[]; untilMs: number }>();
  return (hostname, options, callback) => {
    const kept = known.get(hostname);
    if (kept !== undefined && kept.untilMs > nowMs()) return answer(kept.addresses);
    dns.lookup(hostname, { all: true, verbatim: true }, (error, addresses) => {
      if (error !== null) return callback(error, "", 0);
      known.set(hostname, { addresses, untilMs: nowMs() + NAME_TTL_MS });
      answer(addresses);
    });

    function answer(addresses: dns.LookupAddress[]): void {
      const family = typeof options.family === "number" ? options.family : 0;
      const fitting = family === 0 ? addresses : addresses.filter((address) => address.family === family);
      const usable = fitting.length > 0 ? fitting : addresses;
      if (options.all === true) callback(null, usable);
      else callback(null, usable[0]!.address, usable[0]!.family);
    }
  };
}
