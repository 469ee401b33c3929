/** `rampart load -f - --worker`: the scenario of the master, brought into a folder of this machine. */
import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { RampartError, randomHex } from "#shared";
import { listOfFiles } from "../loader-join.ts";
import { connectWorker } from "./links.ts";
import { askForSource, LOCUSTFILE, readSource } from "./scenario-exchange.ts";
import { DEFAULT_MASTER_HOST, DEFAULT_MASTER_PORT } from "./worker.ts";

/** The question is asked so often, and given up after so long, ms (Locust's 60 tries). */
const ASK_EVERY_MS = 1000;
const GIVE_UP_AFTER_MS = 60_000;

/** What a download needs. */
export interface ScenarioDownloadOptions {
  /** Existing folder that the files are written to. */
  readonly folder: string;
  readonly masterHost?: string;
  readonly masterPort?: number;
  /** Shared token; with one only a master that knows it is believed. */
  readonly token?: string;
  /** Time until it is given up, ms. Default one minute. */
  readonly timeoutMs?: number;
}

/**
 * Asks the master for its scenario files and what they import nearby, and writes them.
 * @returns the scenario files, as the loader takes them
 * @throws RMP_NET_UNREACHABLE without an answer, RMP_LOAD_TOKEN_REFUSED, RMP_LOAD_SCENARIO_INVALID for a Locust master's
 * Python file, RMP_BACKEND_UNAVAILABLE (package zeromq missing)
 */
export async function downloadMasterScenario(options: ScenarioDownloadOptions): Promise<string> {
  const { folder, token = "" } = options;
  const nonce = randomHex(16);
  // Locust's name for one who only asks.
  const nodeId = `${hostname()}_download_locustfile_${randomHex(16)}`;
  const answer = await ask(options, { nodeId, data: askForSource(token, nonce, nodeId) });
  const { files, scenarios } = readSource(answer, token, nonce);
  for (const { filename, contents } of files) {
    const path = join(folder, filename);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  return listOfFiles(scenarios.map((name) => join(folder, name)));
}

async function ask(
  options: ScenarioDownloadOptions,
  question: { readonly nodeId: string; readonly data: unknown },
): Promise<unknown> {
  const { masterHost: host = DEFAULT_MASTER_HOST, masterPort: port = DEFAULT_MASTER_PORT } = options;
  const { nodeId, data } = question;
  let take: (answer: unknown) => void = () => {};
  const link = await connectWorker({ host, port, nodeId }, ({ type, data: answer }) => {
    if (type === LOCUSTFILE) take(answer);
  });
  const send = () => link.send({ type: LOCUSTFILE, data, nodeId });
  const again = setInterval(send, ASK_EVERY_MS);
  let timeout: NodeJS.Timeout | undefined;
  try {
    return await new Promise<unknown>((resolve, reject) => {
      take = resolve;
      send();
      timeout = setTimeout(() => {
        reject(
          new RampartError(
            "RMP_NET_UNREACHABLE",
            `-f -: no master at ${host}:${port} gave its scenario; masters of older Locust versions cannot`,
            { field: "master-host" },
          ),
        );
      }, options.timeoutMs ?? GIVE_UP_AFTER_MS);
    });
  } finally {
    clearInterval(again);
    clearTimeout(timeout);
    await link.close();
  }
}
