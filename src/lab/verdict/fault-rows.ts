import type { RunResult, TargetRowVerdict } from "#contract";

/** One row per fault of the run's drill: it recovered, with the seconds that took. */
export function faultRows({ faults = [] }: RunResult): TargetRowVerdict[] {
  return faults.map((fault, index) => ({
    id: `fault/${index + 1}`,
    label: `Recovery after: ${fault.label}`,
    metric: "recovery_time",
    endpoint: null,
    bound: "within the run",
    measured: fault.problem === null ? fault.recoverySec : null,
    measuredText:
      fault.problem ??
      (fault.recoverySec === null
        ? "not within the run"
        : `${fault.recoverySec.toFixed(1)} s, ${fault.requestsLost} requests failed`),
    outcome: fault.problem !== null ? "not-measured" : fault.recoverySec === null ? "fail" : "pass",
    source: "drill of the run",
    note: "",
  }));
}

/** Why the run was not the drill that was asked for: a fault that could not be made or ended. */
export function faultProblems({ faults = [] }: RunResult): string[] {
  return faults.flatMap(({ label, problem }) => (problem === null ? [] : [`drill: ${label}: ${problem}`]));
}
