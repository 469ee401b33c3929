/** `rampart load -f FILE` without `--headless`: the lab's web page for one scenario file, as Locust serves it. */
import type { LabStartRequest } from "#contract";
import { createLabServer, type LabServer } from "#lab";
import { loadScenario, type RunOverrides } from "#load";
import { EXIT, RampartError } from "#shared";
import { formatLiveTable, formatProgress, TABLE_EVERY_SEC } from "../live-table.ts";
import type { LoadOptions } from "../load-options.ts";
import { pageSettingsOf } from "../load-page-settings.ts";
import { drainOnSignal } from "../signals.ts";

/**
 * Serves the page until a signal, or until `--autoquit` seconds after the run. When a Rampart lab already holds the
 * port, says so.
 * @returns the exit code
 * @throws RMP_NET_PORT_IN_USE, RMP_LOAD_SCENARIO_*, RMP_CLI_USAGE
 */
export async function serveLoadPage(
  file: string,
  overrides: RunOverrides,
  options: LoadOptions,
): Promise<number> {
  const { scenario, path } = await loadScenario(file);
  const lab = createLabServer({
    resultsDirectory: options.resultsDir,
    reportsDirectory: options.reportsDir,
    gatewayUrl: overrides.host ?? scenario.host ?? "http://127.0.0.1:8000",
    scenarioFiles: { [scenario.name]: path },
    defaultScenario: scenario.name,
    overrides,
    ...pageSettingsOf(options, process.env),
  });
  if (options.printStats === true) printTables(lab.session);
  const { url } = await lab
    .listen({ port: options.webPort, host: options.webHost })
    .catch(async (error: unknown) => {
      if (await isLab(options.webPort))
        throw new RampartError(
          "RMP_NET_PORT_IN_USE",
          `a Rampart lab already serves http://127.0.0.1:${options.webPort}; add --headless, or --web-port for a page of its own`,
          { cause: error, field: "web-port" },
        );
      throw error;
    });
  process.stderr.write(`rampart: ${scenario.name} on ${url}\n`);
  if (options.autostart === true) await lab.start(startOf(scenario.name, overrides));
  if (options.autostart === true && options.autoquit !== undefined) {
    await lab.session.idle();
    await new Promise((resolve) => setTimeout(resolve, (options.autoquit ?? 0) * 1000));
    await lab.close();
    return EXIT.done;
  }
  drainOnSignal(() => lab.close());
  return new Promise(() => {});
}

function startOf(scenario: string, overrides: RunOverrides): LabStartRequest {
  const { users, spawnRatePerSec, runTimeSec, host, shape, tags, userClasses, seed } = overrides;
  return {
    scenario,
    ...(users === undefined ? {} : { users }),
    ...(spawnRatePerSec === undefined ? {} : { spawnRatePerSec }),
    ...(runTimeSec === undefined ? {} : { runTimeSec }),
    ...(host === undefined ? {} : { host }),
    ...(shape === undefined ? {} : { shape }),
    ...(tags === undefined ? {} : { tags }),
    ...(userClasses === undefined ? {} : { userClasses }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Prints the table of the run under way as a run in the terminal does. */
function printTables(session: LabServer["session"]): void {
  let printedSec = 0;
  session.subscribe(({ type }) => {
    const snapshot = type === "tick" ? session.snapshot() : null;
    if (snapshot === null) return;
    if (snapshot.elapsedSec < printedSec) printedSec = 0;
    if (snapshot.elapsedSec - printedSec < TABLE_EVERY_SEC && snapshot.state !== "stopped") return;
    printedSec = snapshot.elapsedSec;
    process.stderr.write(`${formatLiveTable(snapshot)}\n${formatProgress(snapshot)}\n\n`);
  });
}

async function isLab(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/run`).catch(() => null);
  const body: unknown = await answer?.json().catch(() => null);
  return typeof body === "object" && body !== null && "lastRunId" in body;
}
