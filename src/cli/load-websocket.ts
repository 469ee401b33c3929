/** `rampart load websocket --url ws(s)://…`: from its flags to a run of the scenario that ships for it. */
import { join } from "node:path";
import { SCENARIOS_DIRECTORY } from "#lab";
import type { RunOverrides } from "#load";
import { RampartError } from "#shared";
import type { LoadOptions } from "./load-options.ts";
import { requireDescriptors } from "./open-files.ts";

/** Locust's defaults for a run without numbers: one user, until stopped. */
const DEFAULT_CONNECTIONS = 1;
/** Connections opened per second unless `--spawn-rate` says otherwise. */
const DEFAULT_OPENED_PER_SEC = 500;

/** A run over connections to one address. */
export interface WebSocketLoad {
  readonly file: string;
  readonly overrides: RunOverrides;
}

/**
 * The run that the flags ask for; null when no `--url` was given.
 * @throws RMP_CLI_USAGE naming the flag, also for more connections than this process may open
 */
export function webSocketLoad(options: LoadOptions, overrides: RunOverrides): WebSocketLoad | null {
  const { url, connections = options.users ?? DEFAULT_CONNECTIONS, echoEvery, message } = options;
  if (url === undefined) return null;
  if (!/^wss?:\/\/[^/\s]+/.test(url) || !URL.canParse(url))
    throw new RampartError("RMP_CLI_USAGE", "--url: expected ws://host:port/path or wss://…", {
      field: "url",
    });
  requireDescriptors(connections);
  return {
    file: join(SCENARIOS_DIRECTORY, "mixes", "open-websockets.ts"),
    overrides: {
      ...overrides,
      host: originOf(url),
      users: connections,
      spawnRatePerSec: options.spawnRate ?? DEFAULT_OPENED_PER_SEC,
      ...(options.duration === undefined ? {} : { runTimeSec: options.duration }),
      settings: {
        ...overrides.settings,
        url,
        ...(echoEvery === undefined ? {} : { echoMs: String(echoEvery * 1000) }),
        ...(message === undefined ? {} : { message }),
      },
    },
  };
}

/** Scheme, host and port of the address as HTTP has them. */
function originOf(url: string): string {
  return new URL(url.replace(/^ws/, "http")).origin;
}
