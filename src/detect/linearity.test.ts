import { describe, expect, it } from "vitest";
import { ADVERSARIAL_INPUTS, adversarialText, createGuard } from "./index.ts";

/** Short form of the long proof: four times the text may take at most nine times the CPU time (linear: four). */
const SHORT_CHARS = 8_192;
const GROWTH = 4;
const MAX_RATIO = 9;

describe("time against length", () => {
  const guard = createGuard();

  function cpuUs(text: string): number {
    const from = process.cpuUsage();
    const { text: sent, vault } = guard.anonymise(text);
    guard.restore(sent, vault);
    const { user, system } = process.cpuUsage(from);
    return user + system;
  }

  function least(text: string, tries: number): number {
    return Math.min(...Array.from({ length: tries }, () => cpuUs(text)));
  }

  it.each(ADVERSARIAL_INPUTS)("is linear on $name", (input) => {
    const short = adversarialText(input, SHORT_CHARS);
    const long = adversarialText(input, SHORT_CHARS * GROWTH);
    // Below two milliseconds the clock is too coarse to tell; no quadratic case stays below that.
    const ratio = () => least(long, 3) / Math.max(2_000, least(short, 3));
    expect(Math.min(ratio(), ratio())).toBeLessThanOrEqual(MAX_RATIO);
  });
});
