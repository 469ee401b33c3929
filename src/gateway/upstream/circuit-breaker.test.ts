import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CircuitBreaker } from "./circuit-breaker.ts";

const CONFIG = {
  enabled: true,
  consecutiveFailures: 3,
  failureShare: 0.5,
  minRequests: 10,
  openMs: 100,
  maxOpenMs: 350,
};

function opened(config = CONFIG): CircuitBreaker {
  const breaker = new CircuitBreaker(config);
  for (let i = 0; i < 3; i += 1) breaker.fail(0, false);
  return breaker;
}

describe("a circuit breaker", () => {
  it("opens after failures in a row, which a success interrupts", () => {
    const breaker = new CircuitBreaker({ ...CONFIG, minRequests: 1_000 });
    for (let i = 0; i < 4; i += 1) {
      breaker.fail(0, false);
      breaker.fail(0, false);
      breaker.succeed(0, false);
      breaker.succeed(0, false);
      breaker.succeed(0, false);
    }
    expect(breaker.state).toBe("closed");
    for (let i = 0; i < 3; i += 1) breaker.fail(0, false);
    expect(breaker.state).toBe("open");
    expect(breaker.admit(99)).toBe("refused");
    expect(breaker.waitMs(40)).toBe(60);
    expect(breaker.openedCount).toBe(1);
  });

  it("opens at a share of failures in a window, and forgets the window before", () => {
    const alternate = (breaker: CircuitBreaker, nowMs: number): void => {
      breaker.fail(nowMs, false);
      breaker.succeed(nowMs, false);
    };
    const breaker = new CircuitBreaker(CONFIG);
    for (let i = 0; i < 4; i += 1) alternate(breaker, 0);
    for (let i = 0; i < 4; i += 1) alternate(breaker, 10_001);
    expect(breaker.state).toBe("closed");
    alternate(breaker, 10_002);
    breaker.fail(10_002, false);
    expect(breaker.state).toBe("open");
  });

  it("lets one request probe after its time, and closes when that succeeds", () => {
    const breaker = opened();
    expect(breaker.admit(100)).toBe("probe");
    expect(breaker.state).toBe("half_open");
    expect(breaker.admit(100)).toBe("refused");
    breaker.succeed(120, true);
    expect(breaker.admit(120)).toBe("pass");
  });

  it("waits twice as long after every failed probe, up to its bound", () => {
    const breaker = opened();
    let nowMs = 0;
    for (const waitMs of [100, 200, 350, 350]) {
      expect(breaker.waitMs(nowMs)).toBe(waitMs);
      nowMs += waitMs;
      expect(breaker.admit(nowMs)).toBe("probe");
      breaker.fail(nowMs, true);
    }
  });

  it("lets another request probe when the first one's client went away", () => {
    const breaker = opened();
    expect(breaker.admit(100)).toBe("probe");
    breaker.release();
    expect(breaker.admit(101)).toBe("probe");
  });

  it("never opens when it is switched off", () => {
    expect(opened({ ...CONFIG, enabled: false }).state).toBe("closed");
  });

  it("has at most one probe under way, whatever happens in whatever order", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("admit", "succeed", "fail", "release", "late"), { maxLength: 80 }),
        (steps) => {
          const breaker = new CircuitBreaker(CONFIG);
          let probes = 0;
          steps.forEach((step, i) => {
            const nowMs = i * 40;
            if (step === "admit") probes += breaker.admit(nowMs) === "probe" ? 1 : 0;
            else if (step === "late") breaker.fail(nowMs, false);
            else if (probes > 0) {
              probes -= 1;
              if (step === "succeed") breaker.succeed(nowMs, true);
              else if (step === "fail") breaker.fail(nowMs, true);
              else breaker.release();
            }
            expect(probes).toBeLessThanOrEqual(1);
          });
        },
      ),
    );
  });
});
