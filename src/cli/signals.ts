import { EXIT } from "#shared";

/**
 * Ends a long-running command the polite way: the first SIGINT or SIGTERM drains and exits 0, the second exits 130 at
 * once.
 * @param drain stops accepting, finishes what is under way; its rejection is reported as exit code 1
 */
export function drainOnSignal(drain: () => Promise<void>): void {
  let draining = false;
  const onSignal = (): void => {
    if (draining) process.exit(EXIT.interrupted);
    draining = true;
    drain().then(
      () => process.exit(EXIT.done),
      () => process.exit(EXIT.errors),
    );
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
}

/**
 * Reads the configuration again on SIGHUP and says on stderr what became of it.
 * @param reload never rejects
 */
export function reloadOnSignal(
  reload: () => Promise<{ readonly result: "ok" | "refused"; readonly reason: string | null }>,
): void {
  process.on("SIGHUP", () => {
    void reload().then(({ result, reason }) => {
      const line = result === "ok" ? "configuration changed" : `configuration stays as it was: ${reason}`;
      process.stderr.write(`rampart: ${line}\n`);
    });
  });
}
