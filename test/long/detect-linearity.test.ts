import { describe, expect, it } from "vitest";
import { createGuard } from "#backends";
import { ADVERSARIAL_INPUTS, adversarialText } from "../../src/detect/adversarial.ts";

/** From 512 K to 1 M characters the CPU time may grow by 2.6 at most, median of 7 alternating runs. */
const CHARS = 524_288;
const MAX_RATIO = 2.6;
const ROUNDS = 7;

describe("time against length up to one megabyte", () => {
  const guard = createGuard();

  function cpuUs(text: string): number {
    const from = process.cpuUsage();
    guard.inspect(text);
    const { user, system } = process.cpuUsage(from);
    return user + system;
  }

  it.each(ADVERSARIAL_INPUTS)("is linear on $name", { timeout: 300_000 }, (input) => {
    const short = adversarialText(input, CHARS);
    const long = adversarialText(input, 2 * CHARS);
    const ratios = Array.from({ length: ROUNDS }, (_, round) => {
      const isShortFirst = round % 2 === 0;
      const first = cpuUs(isShortFirst ? short : long);
      const second = cpuUs(isShortFirst ? long : short);
      return isShortFirst ? second / first : first / second;
    });
    expect(ratios.toSorted((a, b) => a - b)[ROUNDS >> 1]).toBeLessThanOrEqual(MAX_RATIO);
  });
});
