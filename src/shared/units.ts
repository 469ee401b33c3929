import { RampartError } from "./errors.ts";

const SECONDS_PER_UNIT = { h: 3600, m: 60, s: 1 } as const;

/**
 * Parses a time span as Locust does: plain seconds (`300`) or hours, minutes, seconds (`1h30m`, `20s`, `3m`).
 * @returns seconds, > 0
 * @throws RMP_CLI_USAGE when the text is neither
 */
export function parseTimeSpanSec(text: string, field = "time"): number {
  const trimmed = text.trim();
  if (/^\d+(?:\.\d+)?$/.test(trimmed) && Number(trimmed) > 0) return Number(trimmed);
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(trimmed);
  const seconds =
    Number(match?.[1] ?? 0) * SECONDS_PER_UNIT.h +
    Number(match?.[2] ?? 0) * SECONDS_PER_UNIT.m +
    Number(match?.[3] ?? 0) * SECONDS_PER_UNIT.s;
  if (match === null || seconds <= 0)
    throw new RampartError("RMP_CLI_USAGE", `${field}: expected a time span like 300, 20s, 3m or 1h30m`, {
      field,
    });
  return seconds;
}

/** Seconds as a short text: `45s`, `5m`, `1h30m`. */
export function formatTimeSpan(seconds: number): string {
  const whole = Math.round(seconds);
  const parts = [
    [Math.floor(whole / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "m"],
    [whole % 60, "s"],
  ] as const;
  const text = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join("");
  return text === "" ? "0s" : text;
}

/** Bytes as a short text with binary units: `512 B`, `1.5 KiB`, `20 MiB`. */
export function formatBytes(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1).replace(/\.0$/, "")} ${units[unit]}`;
}
