import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNamesRecogniser } from "./names-recogniser.ts";

const recogniser = createNamesRecogniser(
  readFileSync(new URL("../../../../models/names.bin", import.meta.url)),
);

function found(text: string, type: string): string[] {
  return recogniser
    .find(text)
    .filter((finding) => finding.type === type && finding.score >= 0.5)
    .map((finding) => text.slice(finding.start, finding.end));
}

describe("the shipped names model", () => {
  it.each([
    ["My name is John Smith and I live in Berlin.", ["John Smith"]],
    ["my name is john smith", ["john smith"]],
    ["Mein Name ist Jürgen Müller.", ["Jürgen Müller"]],
    ["Je m'appelle Hélène Dubois.", ["Hélène Dubois"]],
    ["Me llamo José García y vivo en Madrid.", ["José García"]],
    ["Mi chiamo Giulia Rossi.", ["Giulia Rossi"]],
    ["Meu nome é João Silva.", ["João Silva"]],
    ["Mijn naam is Pieter de Vries.", ["Pieter de Vries"]],
    ["Dr. Katharina Weber-Schulz will see you.", ["Katharina Weber-Schulz"]],
    ["Please forward this to J. R. Thompson at once.", ["J. R. Thompson"]],
  ])("finds the person in %j", (text, expected) => {
    expect(found(text, "PERSON")).toEqual(expected);
  });

  it.each([
    "Please Note That The New York Times",
    "The Monday meeting moves to Wednesday in April.",
    "Terms And Conditions Of Use",
    "We deploy with Docker and Kubernetes on Ubuntu.",
    "Die Rechnung und der Lieferschein liegen im Ordner.",
    "the quick brown fox jumps over the lazy dog",
  ])("finds no person in %j", (text) => {
    expect(found(text, "PERSON")).toEqual([]);
  });

  it("finds places and organisations", () => {
    expect(found("I flew from London to New Zealand.", "LOCATION")).toEqual(["London", "New Zealand"]);
    expect(found("She works for Siemens AG in Munich.", "ORGANIZATION")).toEqual(["Siemens AG"]);
  });

  it("keeps spans inside any text, in order and apart", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
        let last = 0;
        for (const { start, end, score } of recogniser.find(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(score).toBeGreaterThan(0);
          expect(score).toBeLessThanOrEqual(1);
          last = end;
        }
      }),
    );
  });
});
