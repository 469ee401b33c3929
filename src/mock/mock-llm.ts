import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MockConfig } from "#contract";
import { type EpochClock, epochMs, type MonotonicClock, monotonicMs, RampartError } from "#shared";
import { CONTROL_PREFIX, type Controlled, isLoopbackPeer, serveControl } from "./control.ts";
import { type ExchangeHost, serveExchange } from "./exchange.ts";
import { createRateWindow } from "./rate-window.ts";
import { createRecordBook, type MockRecordReader } from "./record-book.ts";
import { changeSettings, DEFAULT_MOCK_SETTINGS, type MockSettings } from "./settings.ts";

/** What {@link createMockLlm} takes. */
export interface MockLlmOptions {
  /** Fields that differ from {@link DEFAULT_MOCK_SETTINGS}. */
  readonly config?: Partial<MockConfig>;
  /** Default: the system's. */
  readonly monotonic?: MonotonicClock;
  /** Read once, to anchor the monotonic clock. Default: the system's. */
  readonly epoch?: EpochClock;
}

/** A mock LLM that speaks OpenAI's and Anthropic's HTTP APIs. */
export interface MockLlm {
  /** What it received, bounded. */
  readonly record: MockRecordReader;
  /** The settings in force. */
  settings(): MockSettings;
  /**
   * Changes some settings for the requests that follow; a `seed` also restarts the sequence of draws and ids.
   * @throws RMP_CONFIG_INVALID naming the field; nothing is changed then
   */
  configure(change: Partial<MockConfig>): void;
  /**
   * Starts serving. @param address `port` 0 = any free one; `host` default 127.0.0.1
   * @throws RMP_NET_PORT_IN_USE, RMP_CONFIG_INVALID (address that cannot be bound)
   */
  listen(address: { readonly port: number; readonly host?: string }): Promise<{ port: number; url: string }>;
  /** Ends all connections and stops serving. */
  close(): Promise<void>;
}

/**
 * Creates a mock LLM. It answers with the user's last text quoted back, keeps a bounded record of what it received,
 * and misbehaves as its configuration says. Answers, ids, planned delays and faults are a pure function of the seed
 * and the order in which requests arrive; only the rate limit also looks at the clock.
 *
 * Routes: OpenAI chat completions, completions, responses, embeddings, moderations, models; Anthropic messages,
 * count_tokens, models; for loopback peers also the control routes. One request may carry settings of its own in the
 * header `x-mock-config` (JSON). Usage is counted by rule: one token for every four UTF-16 units of a text.
 * @throws RMP_CONFIG_INVALID naming the field
 */
export function createMockLlm(options: MockLlmOptions = {}): MockLlm {
  const monotonic = options.monotonic ?? monotonicMs;
  const anchorMs = (options.epoch ?? epochMs)() - monotonic();
  let settings = changeSettings(DEFAULT_MOCK_SETTINGS, options.config ?? {});
  const book = createRecordBook(settings.recordLimit, settings.recordBytes);
  let nextTurn = 0;
  let isClosing = false;

  const host: ExchangeHost = {
    book,
    monotonic,
    steadyEpochMs: () => anchorMs + monotonic(),
    takeRate: createRateWindow(monotonic),
    settings: () => settings,
    takeTurn: () => nextTurn++,
    idSuffix: (seed, turn) => (seed >>> 0).toString(36).padStart(7, "0") + turn.toString(36).padStart(9, "0"),
    isClosing: () => isClosing,
  };
  const controlled: Controlled = { record: book, settings: host.settings, configure };

  function configure(change: unknown): void {
    const changed = changeSettings(settings, change);
    if (changed.recordLimit !== settings.recordLimit || changed.recordBytes !== settings.recordBytes)
      book.setBounds(changed.recordLimit, changed.recordBytes);
    if (Object.hasOwn(Object(change), "seed")) nextTurn = 0;
    settings = changed;
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? "";
    const queryStart = url.indexOf("?");
    const path = queryStart < 0 ? url : url.slice(0, queryStart);
    response.sendDate = false;
    if (path.startsWith(CONTROL_PREFIX) && isLoopbackPeer(request))
      serveControl(request, response, controlled);
    else serveExchange(request, response, path, host);
  }

  // Without an idle time-out no connection is closed under a request that is just being sent on it.
  const server = createServer({ keepAliveTimeout: 0 }, serve);

  return {
    record: book,
    settings: host.settings,
    configure,
    listen: ({ port, host: address = "127.0.0.1" }) =>
      new Promise((resolve, reject) => {
        isClosing = false;
        const onError = (error: NodeJS.ErrnoException): void => reject(listenError(error, port, address));
        server.once("error", onError);
        server.listen(port, address, () => {
          server.off("error", onError);
          // A listening TCP server always has an AddressInfo.
          const bound = (server.address() as AddressInfo).port;
          const shown = address.includes(":") ? `[${address}]` : address;
          resolve({ port: bound, url: `http://${shown}:${bound}` });
        });
      }),
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listenError(error: NodeJS.ErrnoException, port: number, address: string): RampartError {
  return error.code === "EADDRINUSE"
    ? new RampartError("RMP_NET_PORT_IN_USE", `port ${port} is in use`, { cause: error, field: "port" })
    : new RampartError("RMP_CONFIG_INVALID", `cannot listen on ${address}:${port}`, {
        cause: error,
        field: "host",
      });
}
