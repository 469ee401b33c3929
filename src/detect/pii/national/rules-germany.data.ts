/** Data: identifiers of Germany. */
import { alphanumericValue, digitAt, isDate, isIcao, isMod1110 } from "./check-sums.ts";
import type { NationalRule } from "./rule.ts";

const PASS_LETTERS = /^[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{7,8}\d$/;
const NINE = ["X99999999", "XXXXXXXX9", "XXXXXXXXX9"];

/** Associations of statutory health insurance physicians (first two digits of a BSNR; KBV directive). */
const KV_REGIONS = /^(?:01|02|03|17|20|35|38|46|51|52|55|[67]\d|83|88|93|98)/;
/** First digits of the 13-digit tax number by state (ELSTER). */
const TAX_STATES = /^(?:10|11|21|22|23|24|26|27|28|30|31|32|40|41|5\d|9\d)\d\d0\d{8}$/;

/** Letter A-Z as two digits 01-26, as health insurance and pension numbers count it. */
function spelled(letter: string): string {
  return String(letter.charCodeAt(0) - 64).padStart(2, "0");
}

/** Sum of the digit sums of digits times weights. */
function crossSum(digits: string, weights: string): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i += 1) {
    const product = digitAt(digits, i) * digitAt(weights, i);
    sum += Math.floor(product / 10) + (product % 10);
  }
  return sum;
}

export const GERMAN_RULES: readonly NationalRule[] = [
  {
    // KBV: six digits, check digit (weights 4 and 9, complement to 10), two digits of the specialty.
    type: "DE_LANR",
    country: "DE",
    forms: ["999999999"],
    isValid: (d) =>
      (10 - ([4, 9, 4, 9, 4, 9].reduce((sum, weight, i) => sum + digitAt(d, i) * weight, 0) % 10)) % 10 ===
        digitAt(d, 6) && !/^0+$/.test(d),
    bare: 0.35,
    context: ["lanr", "arztnummer", "arzt", "ärzt", "physician"],
    evidence: "check-digit",
  },
  {
    type: "DE_BSNR",
    country: "DE",
    forms: ["999999999"],
    isValid: (d) => KV_REGIONS.test(d) && !/^\d{2}0+$/.test(d),
    bare: 0.25,
    whole: 0.3,
    context: ["bsnr", "betriebsstätt", "betriebsstaett", "praxis"],
    evidence: "form",
  },
  {
    // § 9 Fahrerlaubnis: authority (4), running number (5), check digit (weights 9 to 1, modulo 11), number of the copy.
    type: "DE_FUEHRERSCHEIN",
    country: "DE",
    forms: ["AXXXXXXXXXX"],
    isValid: (c) => {
      if (!/\d.*\d/.test(c)) return false;
      let sum = 0;
      for (let i = 0; i < 9; i += 1) sum += alphanumericValue(c, i) * (9 - i);
      return "0123456789X".charAt(sum % 11) === c.charAt(9);
    },
    bare: 0.5,
    context: ["führerschein", "fuehrerschein", "fahrerlaubnis", "driving", "driver", "licen"],
    evidence: "check-digit",
  },
  {
    type: "DE_FUEHRERSCHEIN",
    country: "DE",
    forms: ["AXXXXXXXXXX"],
    isValid: (c) => /^[A-Z]\d\d[A-Z0-9]{6}\d[A-Z0-9]$/.test(c),
    bare: 0.2,
    whole: 0.3,
    near: 0.7,
    context: ["führerschein", "fuehrerschein", "fahrerlaubnis"],
    evidence: "form",
  },
  {
    type: "DE_HANDELSREGISTER",
    country: "DE",
    forms: [1, 2, 3, 4, 5, 6].flatMap((n) => [`AAA ${"9".repeat(n)}`, `AAA${"9".repeat(n)}`, `AAA-${"9".repeat(n)}`]),
    isValid: (c) => /^HR[AB]\d/.test(c),
    bare: 0.75,
    context: ["handelsregister", "amtsgericht", "register"],
    evidence: "form",
  },
  {
    // § 290 SGB V: letter as two digits, weights 1 and 2 with digit sums, modulo 10.
    type: "DE_HEALTH_INSURANCE",
    country: "DE",
    forms: ["A999999999"],
    isValid: (c) => crossSum(spelled(c.charAt(0)) + c.slice(1, 9), "1212121212") % 10 === digitAt(c, 9),
    bare: 0.7,
    context: ["krankenkasse", "krankenversicher", "kvnr", "versichert", "health insurance"],
    evidence: "check-digit",
  },
  {
    // Identity cards: authority letters L to Z, serial, ICAO 9303 check digit.
    type: "DE_ID_CARD",
    country: "DE",
    forms: NINE,
    isValid: (c) => /^[L-Z]/.test(c) && PASS_LETTERS.test(c) && isIcao(c),
    bare: 0.6,
    context: ["personalausweis", "ausweis", "identity card", "id card"],
    evidence: "check-digit",
  },
  {
    type: "DE_PASSPORT",
    country: "DE",
    forms: ["x99999999", "xxxxxxxx9", "xxxxxxxxx9"],
    isValid: (c) => /^[CFGHJK]/.test(c) && PASS_LETTERS.test(c) && isIcao(c),
    bare: 0.6,
    context: ["pass", "reisepass"],
    evidence: "check-digit",
  },
  {
    type: "DE_KFZ",
    country: "DE",
    forms: ["A", "AA", "AAA"].flatMap((district) =>
      ["A", "AA"].flatMap((letters) =>
        ["9", "99", "999", "9999"].flatMap((digits) =>
          ["", "A"].flatMap((suffix) => [
            `${district}-${letters} ${digits}${suffix}`,
            `${district}-${letters}${digits}${suffix}`,
            `${district}-${letters}-${digits}${suffix}`,
            `${district} ${letters} ${digits}${suffix}`,
            `${district} ${letters}${digits}${suffix}`,
          ]),
        ),
      ),
    ),
    isValid: (c) => /\d(?:[EH])?$/.test(c),
    bare: 0.5,
    context: ["kennzeichen", "kfz", "auto", "fahrzeug", "plate", "vehicle", "wagen"],
    evidence: "form",
  },
  {
    type: "DE_PLZ",
    country: "DE",
    forms: ["99999"],
    isValid: (d) => Number(d) >= 1067 && Number(d) <= 99998,
    bare: 0.2,
    whole: 0.3,
    near: 0.7,
    context: ["plz", "postleitzahl", "straße", "strasse", "str.", "weg ", "platz "],
    evidence: "form",
  },
  {
    // Pension insurance number (VKVV § 2): area, birth date, letter, serial, check digit over digit sums.
    type: "DE_SOCIAL_SECURITY",
    country: "DE",
    forms: ["99999999A999", "99 999999 A 999", "99 999999A999", "99 999999 A999"],
    isValid: (c) => {
      const day = Number(c.slice(2, 4));
      const digits = c.slice(0, 8) + spelled(c.charAt(8)) + c.slice(9, 11);
      return (
        isDate(Number(c.slice(6, 8)), Number(c.slice(4, 6)), day > 50 ? day - 50 : day) &&
        crossSum(digits, "212571212121") % 10 === digitAt(c, 11)
      );
    },
    bare: 0.8,
    context: ["rentenversicher", "sozialversicher", "versicherungsnummer", "svnr", "rvnr", "sv-nummer"],
    evidence: "check-digit",
  },
  {
    // § 139b AO: 11 digits, ISO 7064 mod 11,10.
    type: "DE_TAX_ID",
    country: "DE",
    forms: ["99999999999", "99 999 999 999"],
    isValid: (d) => d.charAt(0) !== "0" && isMod1110(d),
    bare: 0.4,
    context: ["steuer", "idnr", "identifikationsnummer", "tax", "tin"],
    evidence: "check-digit",
  },
  {
    type: "DE_TAX_NUMBER",
    country: "DE",
    forms: ["9999999999999"],
    isValid: (d) => TAX_STATES.test(d),
    bare: 0.4,
    whole: 0.5,
    context: ["steuernummer", "steuer-nr", "steuernr", "st.-nr", "stnr", "finanzamt", "tax"],
    evidence: "form",
  },
  {
    type: "DE_TAX_NUMBER",
    country: "DE",
    forms: ["99/999/99999", "999/999/99999", "999/9999/9999", "99 999 99999", "999 999 99999", "99999/99999"],
    isValid: (_, raw) => raw.includes("/") || raw.length >= 12,
    bare: 0.5,
    context: ["steuernummer", "steuer-nr", "steuernr", "st.-nr", "stnr", "finanzamt", "tax"],
    evidence: "form",
  },
  {
    // § 27a UStG: DE and nine digits, ISO 7064 mod 11,10.
    type: "DE_VAT_ID",
    country: "DE",
    forms: ["AA999999999", "AA 999999999", "AA 999 999 999"],
    isValid: (c) => c.startsWith("DE") && c.charAt(2) !== "0" && isMod1110(c.slice(2)),
    bare: 0.85,
    context: ["ust", "umsatzsteuer", "vat"],
    evidence: "check-digit",
  },
];
