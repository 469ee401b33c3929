import { describe, expect, it } from "vitest";
import { isMod1110, isVerhoeff } from "./check-sums.ts";
import { createNationalRecogniser, NATIONAL_RULES, NATIONAL_TYPES } from "./national-recogniser.ts";

function found(type: string, text: string, threshold = 0.5): string[] {
  return createNationalRecogniser([type])
    .find(text)
    .filter((finding) => finding.score >= threshold)
    .map((finding) => text.slice(finding.start, finding.end));
}

describe("createNationalRecogniser", () => {
  it.each([
    ["AU_ABN", "51 824 753 556"],
    ["CA_SIN", "130 692 544"],
    ["DE_TAX_ID", "86095742719"],
    ["DE_VAT_ID", "DE136695976"],
    ["DE_PASSPORT", "C01X00T41"],
    ["DE_KFZ", "M-AB 1234"],
    ["DE_HANDELSREGISTER", "HRB 12345"],
    ["ES_NIF", "12345678Z"],
    ["ES_NIE", "X9613851N"],
    ["FI_PERSONAL_IDENTITY_CODE", "131052-308T"],
    ["IN_AADHAAR", "2341 2341 2346"],
    ["IN_PAN", "ABCPE1234F"],
    ["IT_FISCAL_CODE", "RSSMRA85T10A562S"],
    ["KR_RRN", "960121-1234567"],
    ["NG_VEHICLE_REGISTRATION", "APP-456CV"],
    ["PL_PESEL", "44051401458"],
    ["SE_PERSONNUMMER", "19811218-9876"],
    ["SG_NRIC_FIN", "S1234567D"],
    ["TH_TNIN", "1-2345-67890-12-1"],
    ["TR_NATIONAL_ID", "10000000146"],
    ["UK_NHS", "943 476 5919"],
    ["UK_NINO", "AB 12 34 56 C"],
    ["UK_DRIVING_LICENCE", "MORGA657054SM9IJ"],
    ["ZA_ID_NUMBER", "8001015009087"],
    ["PH_MOBILE_NUMBER", "+63 917 123 4567"],
    ["TR_PHONE_NUMBER", "0532 123 45 67"],
  ])("finds %s %j alone and not with a digit more", (type, value) => {
    expect(found(type, value)).toEqual([value]);
    expect(found(type, `${value}7`, 0)).not.toContain(value);
  });

  it("finds nothing when one check digit is wrong", () => {
    for (const [type, value] of [
      ["PL_PESEL", "44051401459"],
      ["DE_TAX_ID", "86095742718"],
      ["TR_NATIONAL_ID", "10000000145"],
      ["ES_NIF", "12345678A"],
      ["UK_NHS", "943 476 5918"],
    ] as const)
      expect(found(type, value, 0)).toEqual([]);
  });

  it("scores bare numbers in running text below the threshold, and above it beside a context word", () => {
    expect(found("AU_TFN", "The totals are 876543210 and 12.")).toEqual([]);
    expect(found("AU_TFN", "My TFN is 876543210.")).toEqual(["876543210"]);
  });

  it("runs only the types that are asked for", () => {
    const recogniser = createNationalRecogniser(["UK_NHS"]);
    expect(recogniser.types).toEqual(["UK_NHS"]);
    expect(recogniser.find("44051401458 and X9613851N")).toEqual([]);
  });

  it("has a rule for every type and written forms that its expressions can match", () => {
    expect(NATIONAL_TYPES.length).toBeGreaterThanOrEqual(52);
    for (const rule of NATIONAL_RULES)
      for (const form of rule.forms) expect(form).toMatch(/^[9AaXx .:+/-]+$/);
  });
});

describe("check digits", () => {
  it("catch every single wrong digit", () => {
    for (const [check, value] of [
      [isVerhoeff, "234123412346"],
      [isMod1110, "86095742719"],
    ] as const)
      for (let at = 0; at < value.length; at += 1)
        for (let digit = 0; digit < 10; digit += 1) {
          const changed = value.slice(0, at) + digit + value.slice(at + 1);
          expect(check(changed)).toBe(changed === value);
        }
  });
});
