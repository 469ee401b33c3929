import pc from "picocolors";
import { toRampartError } from "#shared";

/**
 * Prints one clear line for an error on stderr: what is wrong, its code, what to do.
 * @returns the exit code that belongs to the error
 */
export function printError(error: unknown): number {
  const known = toRampartError(error);
  process.stderr.write(
    `${pc.red("rampart:")} ${known.message} ${pc.dim(`[${known.code}]`)} - ${known.hint}\n`,
  );
  if (known.code === "RMP_INTERNAL" && known.cause instanceof Error)
    process.stderr.write(`${pc.dim(known.cause.stack ?? known.cause.message)}\n`);
  return known.exitCode;
}
