import { describe, expect, it } from "vitest";
import type { ProcessesConfig } from "#contract";
import { restartDelayMs } from "./restart-delay.ts";
import { type ScaleStep, Scaling } from "./scaling.ts";

const CONFIG: ProcessesConfig = {
  min: 1,
  max: 3,
  scaleUpCpuPercent: 75,
  scaleUpDelayMs: 100,
  scaleDownCpuPercent: 25,
  scaleUpAfterMs: 3_000,
  scaleDownAfterMs: 10_000,
  figuresTimeoutMs: 250,
};

/** What is decided in each second of the given loads. */
function decisions(scaling: Scaling, seconds: number, cpus: readonly number[], delayMs = 0, fromSec = 0) {
  const loads = cpus.map((cpuPercent) => ({ cpuPercent, eventLoopDelayMs: delayMs }));
  return Array.from({ length: seconds }, (_, i): ScaleStep => scaling.decide(loads, 1_000 * (fromSec + i)));
}

describe("scaling", () => {
  it("starts one more after lasting load by CPU or by delay, and waits again before the next", () => {
    expect(decisions(new Scaling(CONFIG), 8, [90])).toEqual([
      "stay",
      "stay",
      "stay",
      "up",
      "stay",
      "stay",
      "stay",
      "up",
    ]);
    expect(decisions(new Scaling(CONFIG), 4, [10], 200).at(-1)).toBe("up");
  });

  it("starts none beyond the bound nor for a burst", () => {
    expect(decisions(new Scaling(CONFIG), 20, [99, 99, 99])).not.toContain("up");
    const scaling = new Scaling(CONFIG);
    for (let i = 0; i < 10; i += 1) {
      expect(decisions(scaling, 2, [99], 0, 3 * i)).not.toContain("up");
      expect(decisions(scaling, 1, [10], 0, 3 * i + 2)).not.toContain("up");
    }
  });

  it("ends one after lasting idleness, when the others could carry the rest, never below the bound", () => {
    expect(decisions(new Scaling(CONFIG), 12, [10, 10]).filter((step) => step === "down")).toHaveLength(1);
    expect(decisions(new Scaling(CONFIG), 30, [20, 20])).not.toContain("down");
    expect(decisions(new Scaling(CONFIG), 30, [0])).not.toContain("down");
    expect(decisions(new Scaling({ ...CONFIG, min: 2 }), 30, [0, 0])).not.toContain("down");
  });
});

describe("restartDelayMs", () => {
  it("doubles with every early death up to half a minute", () => {
    expect([1, 2, 3, 30].map(restartDelayMs)).toEqual([100, 200, 400, 30_000]);
  });
});
