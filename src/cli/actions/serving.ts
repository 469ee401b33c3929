import { toRampartError } from "#shared";
import { reportFailure } from "../supervisor.ts";

/** Starts a server; a failure is told to the parent when there is one, so that only one line is printed. */
export async function serving(start: () => Promise<string | null>): Promise<void> {
  try {
    const line = await start();
    if (line !== null && process.send === undefined) process.stderr.write(`rampart: ${line}\n`);
  } catch (error) {
    const known = toRampartError(error);
    if (!reportFailure(known)) throw error;
    process.exitCode = known.exitCode;
    process.disconnect();
  }
}
