/**
 * How much of a scenario's size a run takes: RAMPART_SCALE_USERS and RAMPART_SCALE_TIME (factors, 1 by default) make
 * quick runs of the whole series. They are read when the file is loaded; a scaled run says so in its report.
 */

const MIN_USERS = 1;
const MIN_SECONDS = 5;

/** So many users, scaled. */
export function scaledUsers(users: number): number {
  return Math.max(MIN_USERS, Math.round(users * factor("RAMPART_SCALE_USERS")));
}

/** So many seconds, scaled. */
export function scaledSec(seconds: number): number {
  return Math.max(Math.min(MIN_SECONDS, seconds), Math.round(seconds * factor("RAMPART_SCALE_TIME")));
}

/** A rate per second, scaled as the users are. */
export function scaledRate(ratePerSec: number): number {
  return ratePerSec * factor("RAMPART_SCALE_USERS");
}

/** Sentences for the report: how the run was scaled; empty when it was not. */
export function scaleNotes(): string[] {
  const users = factor("RAMPART_SCALE_USERS");
  const time = factor("RAMPART_SCALE_TIME");
  return users === 1 && time === 1
    ? []
    : [`Quick run: users and rates times ${users}, durations times ${time} of the scenario's.`];
}

function factor(variable: string): number {
  const value = Number(process.env[variable] ?? 1);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${variable} must be a number above 0`);
  return value;
}
