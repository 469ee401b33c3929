import { stat } from "node:fs/promises";
import type { LabScenario, LabStartRequest } from "#contract";
import { loadScenario, scenarioFilesOf } from "#load";
import { type EpochClock, toRampartError } from "#shared";
import type { ScenarioCatalogue } from "../scenario-files.ts";
import type { Archive } from "./archive.ts";
import type { RunSession } from "./run-session.ts";

/** What the lab's routes act on. */
export interface LabServices {
  readonly session: RunSession;
  readonly archive: Archive;
  readonly epochMs: EpochClock;
  readonly uiDirectory: string;
  readonly reportsDirectory: string;
  readonly targetsDirectory: string;
  /** Scenario that `/swarm` starts when the form names none. */
  readonly defaultScenario: string;
  readonly scenarios: ScenarioList;
  /** Starts a run. @throws RMP_LOAD_SCENARIO_NOT_FOUND, RMP_LOAD_SCENARIO_INVALID, RMP_LAB_BUSY */
  start(request: LabStartRequest): Promise<void>;
}

/** Loads the scenario named and starts it in the session. */
export async function startScenario(
  session: RunSession,
  request: LabStartRequest,
  catalogue: ScenarioCatalogue,
): Promise<void> {
  const path = catalogue.path(request.scenario);
  const { scenario } = await loadScenario(path);
  const host = request.host ?? scenario.host;
  session.start({
    path,
    request,
    ...(scenario.targets === undefined ? {} : { table: scenario.targets }),
    ...(host === undefined ? {} : { host }),
  });
}

/** Lists scenarios as the console shows them. */
export type ScenarioList = () => Promise<LabScenario[]>;

/**
 * Creates the list of a catalogue's scenarios; a file that cannot be loaded says why. Loading compiles TypeScript, so each
 * file is loaded again only when it has changed: the list may be asked for while a run is under way.
 * @param picksClasses whether the page lets its user choose among the user classes
 */
export function createScenarioList(catalogue: ScenarioCatalogue, picksClasses: boolean): ScenarioList {
  const known = new Map<string, { readonly mtimeMs: number; readonly scenario: LabScenario }>();
  return async () => {
    const scenarios: LabScenario[] = [];
    for (const name of await catalogue.names()) {
      const path = catalogue.path(name);
      const changes = scenarioFilesOf(path).map(async (file) => (await stat(file)).mtimeMs);
      const mtimeMs = Math.max(...(await Promise.all(changes)));
      const cached = known.get(name);
      const scenario =
        cached?.mtimeMs === mtimeMs ? cached.scenario : await describeScenario(name, path, picksClasses);
      known.set(name, { mtimeMs, scenario });
      scenarios.push(scenario);
    }
    return scenarios;
  };
}

async function describeScenario(name: string, path: string, picksClasses: boolean): Promise<LabScenario> {
  try {
    const { scenario } = await loadScenario(path);
    return {
      name,
      description: scenario.description,
      users: scenario.users ?? null,
      spawnRatePerSec: scenario.spawnRatePerSec ?? null,
      runTimeSec: scenario.runTimeSec,
      host: scenario.host ?? null,
      userClasses: scenario.userClasses.map((userClass) => userClass.name),
      picksClasses,
      shapes: Object.keys(scenario.shapes),
      tags: scenario.tags,
      targets: scenario.targets ?? null,
      error: null,
    };
  } catch (error) {
    const { message } = toRampartError(error);
    const nothing = { users: null, spawnRatePerSec: null, runTimeSec: null, host: null, targets: null };
    const none = { userClasses: [], picksClasses, shapes: [], tags: [] };
    return { name, description: "", ...nothing, ...none, error: message };
  }
}
