import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGroundingDetector } from "../grounding/detector.ts";
import { createConsensus } from "./consensus.ts";
import { groundingJudge, knownFactsJudge } from "./judges.ts";
import { decideConcern, toStrategy } from "./strategies.ts";
import type { Judge, Judgement, Timer } from "./types.ts";

const clock = (): number => 0;

function fixed(name: string, score: number, options: Partial<Judge> & { confidence?: number } = {}): Judge {
  return {
    name,
    concern: "hallucination",
    costRank: 0,
    weight: 1,
    judge: async (): Promise<Judgement> => ({
      kind: "assessed",
      score,
      flagged: score >= 0.5,
      confidence: options.confidence ?? Math.max(score, 1 - score),
      reasoning: "fixed",
    }),
    ...options,
  };
}

describe("consensus", () => {
  it("counts a majority and says who agreed", async () => {
    const result = await createConsensus([fixed("a", 0.9), fixed("b", 0.8), fixed("c", 0.1)], clock).decide({
      text: "x",
    });
    expect(result).toMatchObject({ flagged: true, voted: 3, agreed: 2, failed: 0, assessed: true });
    expect(result.agreement).toBeCloseTo(2 / 3);
  });

  it("reports a judge that failed and does not count it", async () => {
    const broken = fixed("broken", 0, { judge: () => Promise.reject(new Error("quoting the text")) });
    const result = await createConsensus([fixed("a", 0.9), broken], clock).decide({ text: "x" });
    expect(result).toMatchObject({ flagged: true, voted: 1, agreed: 1, failed: 1 });
    const report = result.results.find((item) => item.name === "broken");
    expect(report?.status).toBe("failed");
    expect(JSON.stringify(result)).not.toContain("quoting the text");
  });

  it("stops waiting for a judge at its time-out and aborts it", async () => {
    const expire: (() => void)[] = [];
    const timer: Timer = {
      after: (_delayMs, callback) => {
        expire.push(callback);
        return () => undefined;
      },
    };
    let aborted = false;
    const hanging = fixed("hanging", 0, {
      judge: (_input, signal) => {
        signal.addEventListener("abort", () => {
          aborted = true;
        });
        return new Promise(() => undefined);
      },
    });
    const pending = createConsensus([hanging], clock, timer).decide({ text: "x" });
    for (const callback of expire) callback();
    const result = await pending;
    expect(result.results[0]?.status).toBe("timed_out");
    expect(result).toMatchObject({ assessed: false, voted: 0, failed: 1 });
    expect(aborted).toBe(true);
  });

  it("a cascade asks no dearer judge once a cheap one is sure", async () => {
    let asked = 0;
    const dear = fixed("dear", 0.1, {
      costRank: 10,
      judge: async () => {
        asked++;
        return { kind: "not_assessed", reasoning: "" };
      },
    });
    const panel = createConsensus([dear, fixed("cheap", 0.95)], clock);
    const result = await panel.decide({ text: "x" }, { strategy: "cascade" });
    expect(asked).toBe(0);
    expect(result.flagged).toBe(true);
    expect(result.results.map((report) => report.status)).toEqual(["voted", "skipped"]);
  });

  it("a cascade goes on when the cheap judge is unsure, and the last one decides", async () => {
    const panel = createConsensus([fixed("cheap", 0.55), fixed("dear", 0.1, { costRank: 10 })], clock);
    expect((await panel.decide({ text: "x" }, { strategy: "cascade" })).flagged).toBe(false);
  });

  it("knows that the Earth is not flat and leaves the unknown unassessed", async () => {
    const panel = createConsensus([knownFactsJudge(), groundingJudge(createGroundingDetector())], clock);
    const flat = await panel.decide({ text: "The Earth is flat and the moon is made of cheese." });
    expect(flat).toMatchObject({ flagged: true, voted: 1 });
    const round = await panel.decide({ text: "The Earth is not flat." });
    expect(round).toMatchObject({ flagged: false, voted: 1 });
    const unknown = await panel.decide({ text: "The committee met on a rainy morning." });
    expect(unknown).toMatchObject({ assessed: false, flagged: false, voted: 0, confidence: 0 });
  });

  it("reads strategies in any case", () => {
    expect(toStrategy("MAJORITY")).toBe("majority");
    expect(toStrategy("Cascading")).toBe("cascade");
    expect(toStrategy("constructor")).toBeUndefined();
    expect(toStrategy("")).toBeUndefined();
  });

  it("unanimous implies majority, and no judge outside [0, 1] breaks the bounds", () => {
    const vote = fc
      .record({
        score: fc.double({ min: 0, max: 1, noNaN: true }),
        confidence: fc.double({ min: 0, max: 1, noNaN: true }),
      })
      .map((item) => ({ ...item, flagged: item.score >= 0.5, weight: 1 }));
    fc.assert(
      fc.property(fc.array(vote, { minLength: 1, maxLength: 7 }), (votes) => {
        const all = decideConcern("bias", votes, "unanimous", 0.7)!;
        const most = decideConcern("bias", votes, "majority", 0.7)!;
        if (all.flagged) expect(most.flagged).toBe(true);
        for (const decision of [all, most]) {
          expect(decision.agreed).toBeLessThanOrEqual(decision.voted);
          expect(decision.confidence).toBeGreaterThanOrEqual(0);
          expect(decision.confidence).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
