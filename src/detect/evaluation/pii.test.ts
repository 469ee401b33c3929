import { describe, expect, it } from "vitest";
import { createGuard } from "../guard.ts";
import { type PiiItem, predictPii, scorePii } from "./pii.ts";

const items: PiiItem[] = [
  {
    id: "1",
    text: "mail a@b.com",
    spans: [{ start: 5, end: 12, type: "EMAIL_ADDRESS" }],
    source: "s",
    lang: "en",
  },
  { id: "2", text: "x", spans: [{ start: 0, end: 1, type: "PERSON" }], source: "t", labelled: ["PERSON"] },
];
const span = (start: number, end: number, type: string, flagged = true) => ({
  start,
  end,
  type,
  score: 0.9,
  flagged,
});

describe("scorePii", () => {
  it("counts strict and overlapping matches apart", () => {
    const report = scorePii(items, [
      { id: "1", spans: [span(6, 12, "EMAIL_ADDRESS")] },
      { id: "2", spans: [span(0, 1, "PERSON")] },
    ]);
    expect(report.perEntity["EMAIL_ADDRESS"]).toMatchObject({
      strict: { truePositives: 0, falsePositives: 1, falseNegatives: 1 },
      overlap: { truePositives: 1, falsePositives: 0, falseNegatives: 0, f1: 1 },
    });
    expect(report.all.overlap.recall).toBe(1);
    expect(Object.keys(report.perSource)).toEqual(["s", "t"]);
    expect(Object.keys(report.perLanguage)).toEqual(["en", "unknown"]);
  });

  it("counts nothing below the threshold and no type that the source does not label", () => {
    const report = scorePii(items, [
      { id: "1", spans: [span(5, 12, "EMAIL_ADDRESS"), span(0, 4, "PERSON", false)] },
      { id: "2", spans: [span(0, 1, "EMAIL_ADDRESS")] },
    ]);
    expect(report.perEntity["EMAIL_ADDRESS"]?.strict).toMatchObject({ precision: 1, recall: 1, f1: 1 });
    expect(report.perEntity["PERSON"]?.strict).toMatchObject({ falsePositives: 0, falseNegatives: 1 });
  });
});

describe("predictPii", () => {
  it("flags what the guard acts on and writes the other candidates beside it", () => {
    const text = "born 1985-03-15, phone 555-1234";
    const { spans } = predictPii(createGuard(), { id: "1", text });
    const flagged = spans.filter((entry) => entry.flagged);
    expect(flagged.map((entry) => entry.type).sort()).toEqual(["DATE_OF_BIRTH", "DATE_TIME", "PHONE_NUMBER"]);
    expect(spans.every((entry) => entry.end <= text.length && entry.score <= 1)).toBe(true);
  });
});
