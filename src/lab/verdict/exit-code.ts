import type { RunVerdict } from "#contract";
import { EXIT } from "#shared";

/** Exit code of one or several judged runs: 99 if any failed, else 98 if any is invalid, else 0. */
export function exitCodeOf(verdicts: readonly Pick<RunVerdict, "outcome">[]): number {
  if (verdicts.some((verdict) => verdict.outcome === "FAIL")) return EXIT.failed;
  if (verdicts.some((verdict) => verdict.outcome === "INVALID")) return EXIT.invalid;
  return EXIT.done;
}
