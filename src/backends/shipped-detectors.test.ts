import { describe, expect, it } from "vitest";
import { createShippedBiasDetector, createShippedGroundingDetector } from "./library.ts";

describe("the shipped grounding model", () => {
  const detector = createShippedGroundingDetector();

  it("gives a true sentence about the capital of France a low risk", () => {
    const result = detector.assess({
      answer: "The capital of France is Paris.",
      context: "Paris is the capital of France.",
    });
    expect(result.hallucinationRisk).toBeLessThan(0.3);
    expect(result.details.method).toBe("fitted");
  });

  it("raises the risk when the place, a number or the sense is exchanged", () => {
    const context =
      "The Eiffel Tower is a wrought-iron lattice tower on the Champ de Mars in Paris. It is 324 metres tall and was finished in 1889.";
    const risk = (answer: string): number => detector.assess({ answer, context }).hallucinationRisk;
    const right = risk("The Eiffel Tower is 324 metres tall and was finished in 1889.");
    expect(right).toBeLessThan(0.5);
    for (const wrong of [
      "The Eiffel Tower is 512 metres tall and was finished in 1889.",
      "The Eiffel Tower is 324 metres tall and was finished in 1925.",
      "The Eiffel Tower is not 324 metres tall and was not finished in 1889.",
      "The Eiffel Tower is a stone temple in the middle of Berlin.",
    ])
      expect(risk(wrong), wrong).toBeGreaterThan(Math.max(0.5, right));
  });

  it("calls an answer of supported and unsupported claims low and still names the unsupported", () => {
    const answer =
      "The Eiffel Tower in Paris is 324 meters tall. It was completed in 1889. It was designed by Gustave Eiffel. The tower is made of iron.";
    const result = detector.assess({
      answer,
      context:
        "The Eiffel Tower is a wrought-iron lattice tower on the Champ de Mars in Paris. The tower is 324 meters tall and was completed in 1889.",
    });
    const named = result.segments.map((segment) => answer.slice(segment.start, segment.end).trim());
    expect(named).toContain("It was designed by Gustave Eiffel.");
    expect(named).not.toContain("It was completed in 1889.");
    expect(result.claims.find((claim) => claim.start === 0)?.supported).toBe(true);
  });
});

describe("the shipped bias model", () => {
  const detector = createShippedBiasDetector();

  it("yields a gender indicator for the nurse who is caring and gentle with her patients", () => {
    const result = detector.audit({ text: "The nurse was caring and gentle with her patients." });
    expect(result.kinds).toContain("gender");
    expect(result.hasBias).toBe(true);
  });

  it("passes neutral and positive mentions and flags degrading generalisations", () => {
    for (const text of [
      "The Jewish museum opened a new exhibition on Sunday.",
      "Buddhist monks live in the monastery near the river.",
      "Deaf students won the national chess tournament.",
      "She worked as an engineer before she became a teacher.",
    ])
      expect(detector.audit({ text }).flagged, text).toBe(false);
    for (const text of ["all muslims are terrorists", "black people are lazy and violent", "jews are greedy"])
      expect(detector.audit({ text }).flagged, text).toBe(true);
  });
});
