import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LabReportFile, LabRunSummary, RunResult } from "#contract";
import { listResultIds, RESULT_SUFFIX, readResult } from "../results/file.ts";
import { meanMs, percentileMs } from "../results/histogram.ts";
import { durationSec, peakUsers } from "../results/select.ts";

/** Summaries kept in memory; results files never change once written. */
const MAX_CACHED = 2000;

/** The finished runs of a results folder. */
export interface Archive {
  /** Newest first; files that cannot be read are left out. */
  list(limit: number): Promise<LabRunSummary[]>;
  /** Path of a run's results file; null when the id is not one or there is no such file. */
  path(id: string): Promise<string | null>;
}

/** Creates the archive of a folder. */
export function createArchive(resultsDirectory: string): Archive {
  const cache = new Map<string, LabRunSummary>();

  async function summaryOf(id: string): Promise<LabRunSummary | null> {
    const cached = cache.get(id);
    if (cached !== undefined) return cached;
    const result = await readResult(join(resultsDirectory, `${id}${RESULT_SUFFIX}`)).catch(() => null);
    if (result === null) return null;
    const summary = toSummary(result);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(id, summary);
    return summary;
  }

  return {
    async list(limit) {
      const ids = (await listResultIds(resultsDirectory)).slice(0, limit);
      const summaries: LabRunSummary[] = [];
      for (const id of ids) {
        const summary = await summaryOf(id);
        if (summary !== null) summaries.push(summary);
      }
      return summaries;
    },
    async path(id) {
      const ids = await listResultIds(resultsDirectory);
      return ids.includes(id) ? join(resultsDirectory, `${id}${RESULT_SUFFIX}`) : null;
    },
  };
}

/** Files of the reports folder (not its subfolders), newest first. */
export async function listReports(directory: string): Promise<LabReportFile[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => {
        const { size, mtimeMs } = await stat(join(directory, entry.name));
        return { name: entry.name, bytes: size, modifiedAtMs: Math.round(mtimeMs) };
      }),
  );
  return files.sort((a, b) => b.modifiedAtMs - a.modifiedAtMs);
}

function toSummary(result: RunResult): LabRunSummary {
  const seconds = durationSec(result);
  const { total } = result;
  return {
    id: result.id,
    scenario: result.scenario.name,
    startedAtMs: result.startedAtMs,
    durationSec: seconds,
    users: peakUsers(result),
    requests: total.count,
    requestsPerSec: total.count / seconds,
    meanMs: meanMs(total.fromDue),
    p95Ms: percentileMs(total.fromDue, 95),
    failurePercent: total.count === 0 ? 0 : (100 * total.failures) / total.count,
    outcome: result.verdict?.outcome ?? null,
    reasons: result.verdict?.reasons ?? [],
  };
}
