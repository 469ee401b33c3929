/**
 * Block bootstrap of figures over the windows of a run: neighbouring windows are drawn together, so that slow waves in a
 * run's latency do not make it look surer than it is (Künsch 1989; circular blocks: Politis and Romano 1992).
 */
import type { Random } from "#shared";
import type { Weights } from "./samples.ts";

/** Blocks may not be so long that fewer than this many fit into a run. */
const MIN_BLOCKS = 6;

/**
 * Length of the blocks, windows: Carlstein's rule for a first-order autoregression,
 * `(sqrt(6) * rho / (1 - rho^2))^(2/3) * n^(1/3)` (Annals of Statistics 14, 1986), at least 2 and at most n / 6.
 * @param values one figure per window, such as its mean latency
 */
export function blockLength(values: readonly number[]): number {
  const n = values.length;
  if (n < 2 * MIN_BLOCKS) return 1;
  const rho = Math.min(0.95, Math.max(0, autocorrelation(values)));
  const length = ((Math.sqrt(6) * rho) / (1 - rho * rho)) ** (2 / 3) * Math.cbrt(n);
  return Math.max(2, Math.min(Math.ceil(length), Math.floor(n / MIN_BLOCKS)));
}

/** Draws `count` windows in circular blocks and says how often each was drawn. */
export function drawBlocks(count: number, block: number, random: Random): Weights {
  const weights = new Float64Array(count);
  for (let drawn = 0; drawn < count; ) {
    const start = Math.floor(random() * count);
    for (let offset = 0; offset < block && drawn < count; offset += 1, drawn += 1) {
      const index = (start + offset) % count;
      weights[index] = (weights[index] ?? 0) + 1;
    }
  }
  return weights;
}

/** First-order autocorrelation; 0 for constant values. */
function autocorrelation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let product = 0;
  let square = 0;
  for (const [index, value] of values.entries()) {
    square += (value - mean) ** 2;
    const next = values[index + 1];
    if (next !== undefined) product += (value - mean) * (next - mean);
  }
  return square === 0 ? 0 : product / square;
}
