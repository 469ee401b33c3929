import type { ReportFact, RunResult } from "#contract";
import { formatBytes } from "#shared";
import { hoursOf } from "../soak/soak-figures.ts";
import { OBSERVED } from "../verdict/observed.ts";
import { recoveryOf } from "../verdict/phases.ts";
import { msText, percentText } from "./format.ts";

/** Runs from this length on are told by their first and last hour, s. */
const SOAK_SEC = 2 * 3600;

/**
 * How a run went, for its summary: recovery after bursts, first and last hour, memory at start and end, CPU. Lines whose
 * figures were not observed are left out.
 */
export function courseLines(result: RunResult): ReportFact[] {
  return [...recoveryLines(result), ...hourLines(result), ...memoryLines(result), ...cpuLines(result)];
}

function recoveryLines(result: RunResult): ReportFact[] {
  const recovery = recoveryOf(result);
  if (recovery.kind === "no-burst") return [];
  const value =
    recovery.kind === "recovered"
      ? `${recovery.seconds} s after ${recovery.bursts === 1 ? "the burst" : `the slowest of ${recovery.bursts} bursts`}`
      : `not within the ${recovery.withinSec} s that followed`;
  return [{ label: "Recovery time", value }];
}

function hourLines(result: RunResult): ReportFact[] {
  if (result.series.length < SOAK_SEC) return [];
  const hours = hoursOf(result).slice(0, Math.floor(result.series.length / 3600));
  const [first, last] = [hours[0], hours.at(-1)];
  if (first === undefined || last === undefined) return [];
  const text = (hour: typeof first) => `average ${msText(hour.meanMs)}, P95 ${msText(hour.p95Ms)}`;
  return [
    { label: "First hour", value: text(first) },
    { label: `Hour ${last.hour}`, value: text(last) },
  ];
}

function memoryLines({ observed }: RunResult): ReportFact[] {
  const samples = observed[OBSERVED.memoryBytes] ?? [];
  const tenth = Math.max(1, Math.floor(samples.length / 10));
  const start = median(samples.slice(0, tenth));
  const end = median(samples.slice(-tenth));
  if (start === null || end === null) return [];
  const growth = end >= start ? `+${formatBytes(end - start)}` : `-${formatBytes(start - end)}`;
  return [
    {
      label: "Memory",
      value: `${formatBytes(start)} at the start, ${formatBytes(end)} at the end (${growth})`,
    },
  ];
}

function cpuLines({ observed }: RunResult): ReportFact[] {
  const values = (observed[OBSERVED.cpuPercent] ?? []).map(([, value]) => value);
  if (values.length === 0) return [];
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [
    { label: "CPU", value: `average ${percentText(mean)}, highest ${percentText(Math.max(...values))}` },
  ];
}

function median(samples: readonly (readonly [number, number])[]): number | null {
  const values = samples.map(([, value]) => value).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? null;
}
