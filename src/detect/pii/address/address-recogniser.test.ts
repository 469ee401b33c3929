import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createAddressRecogniser } from "./address-recogniser.ts";

const recogniser = createAddressRecogniser();

function found(text: string): string[] {
  return recogniser
    .find(text)
    .filter((finding) => finding.score >= 0.5)
    .map((finding) => text.slice(finding.start, finding.end));
}

describe("createAddressRecogniser", () => {
  it.each([
    "Hauptstraße 12, 10115 Berlin",
    "Walter-Hempel-Str. 6, Bad Maikescheid 52121",
    "12 rue de la Paix, 75002 Paris",
    "Calle Mayor, 5, 28013 Madrid",
    "Via Roma 10",
    "Rua Augusta 1500, São Paulo 01304-001",
    "Keizersgracht 62, 1015 CS Amsterdam",
    "ul. Zuchów 65",
    "221B Baker Street",
    "123 Main Street Apt 4B, New York, NY 10001",
    "1600 Pennsylvania Avenue NW, Washington, DC 20500",
    "57 Birch Road, Schuppehill SN3 4VL",
    "C/ Mayor 5, 28013 Madrid",
    "USNS Miller, FPO AE 13689",
    "P.O. Box 123, Austin, TX 78701",
  ])("takes all of %j inside a sentence", (address) => {
    expect(found(`Please send it to ${address}, thanks.`)).toEqual([address]);
  });

  it.each([
    "Section 5 of the Act applies.",
    "On May 12, 2010 London won.",
    "In 2020 Google Street View grew.",
    "I have 3 Golden Keys.",
    "Table 5 shows Results of 2019.",
    "Version 12 Windows Update",
    "We sold 20 units in 4 weeks.",
  ])("leaves %j alone", (text) => {
    expect(found(text)).toEqual([]);
  });

  it("does not look at the same text again and again", () => {
    for (const piece of [
      "Apt. 12\n",
      "12 Aa ",
      "1 A A A A A ",
      "12 rue de la ",
      "1 Ab-Cd-Ef-",
      "12 Aa St\n Bb Cc\n Dd ",
    ]) {
      const findings = recogniser.find(piece.repeat(20_000));
      expect(findings.length).toBeLessThanOrEqual(20_000);
    }
  });

  it("keeps spans inside any text", () => {
    const piece = fc.constantFrom(
      "12",
      " ",
      "Rue",
      "Street",
      "Berlin",
      ",",
      "\n",
      "10115",
      "Weg",
      "号",
      "de",
      "A",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join("");
        for (const { start, end } of recogniser.find(text)) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
