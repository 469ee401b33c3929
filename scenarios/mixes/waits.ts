/** Wait times of the first seed's users, and which of them a run takes. */
import { between, type WaitTime } from "rampart/load";

/** True when `--wait seed` (RAMPART_WAIT=seed) asks for the waits of the first seed's public load file. */
export function isSeedWait(): boolean {
  return process.env["RAMPART_WAIT"] === "seed";
}

/**
 * The first seed's document wants one to two requests per second and user; its load file waits 1 to 3 s and cannot give
 * them. The shipped scenarios wait 0.5 to 1 s.
 */
export function agentGuardWait(): WaitTime {
  return isSeedWait() ? between(1, 3) : between(0.5, 1);
}

/** The wait as a sentence for the report. */
export function waitNote(): string {
  return isSeedWait()
    ? "Users wait 1 to 3 s between tasks, as in the document's load file."
    : "Users wait 0.5 to 1 s between tasks, so that the document's rates can be reached; --wait seed takes 1 to 3 s.";
}
