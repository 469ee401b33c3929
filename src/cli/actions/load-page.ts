/** `rampart load -f FILE` without `--headless`: the lab's web page for one scenario file, as Locust serves it. */
import { createLabServer } from "#lab";
import { loadScenario, type RunOverrides } from "#load";
import { EXIT, RampartError } from "#shared";
import type { LoadOptions } from "../load-options.ts";
import { drainOnSignal } from "../signals.ts";

/**
 * Serves the page until a signal, or until `--autoquit` seconds after the run. When a Rampart lab already holds the
 * port, says so.
 * @returns the exit code
 * @throws RMP_NET_PORT_IN_USE, RMP_LOAD_SCENARIO_*
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
    ...(overrides.settings === undefined ? {} : { settings: overrides.settings }),
  });
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
  if (options.autostart === true) await start(url, scenario.name, overrides);
  if (options.autostart === true && options.autoquit !== undefined) {
    await lab.session.idle();
    await new Promise((resolve) => setTimeout(resolve, (options.autoquit ?? 0) * 1000));
    await lab.close();
    return EXIT.done;
  }
  drainOnSignal(() => lab.close());
  return new Promise(() => {});
}

async function start(url: string, scenario: string, overrides: RunOverrides): Promise<void> {
  const { users, spawnRatePerSec, runTimeSec, host, shape, tags, userClasses, seed } = overrides;
  const response = await fetch(new URL("/api/run", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      scenario,
      users,
      spawnRatePerSec,
      runTimeSec,
      host,
      shape,
      tags,
      userClasses,
      seed,
    }),
  });
  if (!response.ok)
    throw new RampartError("RMP_CLI_USAGE", `the run could not be started (status ${response.status})`);
}

async function isLab(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/api/run`).catch(() => null);
  const body: unknown = await answer?.json().catch(() => null);
  return typeof body === "object" && body !== null && "lastRunId" in body;
}
