import type { RiskLevel } from "./types.ts";

/** Level of a score in [0, 1]; bounds as documented on {@link RiskLevel}. */
export function riskLevel(score: number): RiskLevel {
  if (score < 0.2) return "safe";
  if (score < 0.5) return "low";
  if (score < 0.7) return "medium";
  return score < 0.9 ? "high" : "critical";
}
