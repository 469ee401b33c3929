/** Figures as text. */

/** A latency: `0.42 ms`, `12.3 ms`, `1,049 ms`; a dash without a value. */
export function msText(value: number | null): string {
  if (value === null) return "-";
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${fixed(value, digits)} ms`;
}

/** A whole number with thousands separators. */
export function countText(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A rate: `508 req/s`, `4.97 req/s`. */
export function rateText(ratePerSec: number, unit = "req/s"): string {
  return `${fixed(ratePerSec, ratePerSec >= 100 ? 0 : ratePerSec >= 10 ? 1 : 2)} ${unit}`;
}

/** A share in percent with two decimals, as the second seed prints it. */
export function percentText(percent: number): string {
  return `${fixed(percent, 2)}%`;
}

/** Epoch ms as `2026-01-02 03:04:05 UTC`. */
export function timeText(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Text safe inside HTML elements and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function fixed(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
