import { RampartError } from "#shared";

/** Descriptors that a process needs for itself: modules, logs, results, the event loop. */
const OWN_DESCRIPTORS = 100;

/**
 * Says before a run that it cannot open so many connections.
 * @throws RMP_CLI_USAGE with the limit and what to do
 */
export function requireDescriptors(connections: number): void {
  const limit = openFilesLimit();
  if (limit === null || connections + OWN_DESCRIPTORS <= limit) return;
  throw new RampartError(
    "RMP_CLI_USAGE",
    `${connections} connections need more file descriptors than the ${limit} of this process: raise ulimit -n, or spread them over machines with --master and --worker`,
    { field: "connections" },
  );
}

/** Soft limit of open files; null where Node does not tell or there is none. */
function openFilesLimit(): number | null {
  // The report has no declared shape; what is read of it is checked.
  const { userLimits } = process.report.getReport() as { userLimits?: Record<string, { soft?: unknown }> };
  const soft = Number(userLimits?.["open_files"]?.soft);
  return Number.isFinite(soft) ? soft : null;
}
