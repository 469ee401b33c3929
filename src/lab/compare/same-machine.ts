import type { RunResult } from "#contract";

/** Why two runs are not on equal terms: machine, software, scenario, load; one sentence each. */
export function machineNotes(baseline: RunResult, candidate: RunResult): string[] {
  const facts: readonly (readonly [string, (result: RunResult) => unknown])[] = [
    ["processor", (result) => result.environment.cpuModel],
    ["number of cores", (result) => result.environment.cores],
    ["memory", (result) => result.environment.memoryBytes],
    ["system", (result) => result.environment.platform],
    ["Node version", (result) => result.environment.nodeVersion],
    ["place of the target", (result) => result.environment.sameMachine],
    ["scenario file", (result) => result.scenario.hash],
    ["number of users", (result) => result.plan.users],
    ["mean wait", (result) => result.plan.meanWaitSec],
    ["number of workers", (result) => result.plan.workers],
  ];
  const notes = facts
    .filter(([, read]) => read(baseline) !== read(candidate))
    .map(([name]) => `The runs differ in: ${name}.`);
  for (const result of [baseline, candidate]) {
    if (result.health.verdict === "invalid")
      notes.push(`The generator of ${result.id} did not deliver its load.`);
    if (result.stoppedEarly) notes.push(`${result.id} was stopped before its end.`);
  }
  return notes;
}
