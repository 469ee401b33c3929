/** Data: identifiers of European countries other than Germany. */
import { isLuhn } from "../check-digits.ts";
import { alphanumericValue, digitAt, isDate, weightedSum } from "./check-sums.ts";
import type { NationalRule } from "./rule.ts";

/** Check letters of the Spanish NIF and NIE: number modulo 23 (Real Decreto 1553/2005). */
const NIF_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE";
/** Check characters of the Finnish personal identity code: number modulo 31 (DVV). */
const FINNISH_CHECK = "0123456789ABCDEFHJKLMNPRSTUVWXY";
/** Values of characters at odd places of the Italian fiscal code (D.M. 23 December 1976), by alphanumeric value 0-9, A-Z. */
const FISCAL_ODD = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22,
  25, 24, 23,
];
const FISCAL_FORM = /^[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/;
const UK_POSTCODE =
  /^(?:GIR0AA|(?:[A-PR-UWYZ]\d{1,2}|[A-PR-UWYZ][A-HK-Y]\d{1,2}|[A-PR-UWYZ]\d[A-HJKPSTUW]|[A-PR-UWYZ][A-HK-Y]\d[ABEHMNPRVWXY])\d[ABD-HJLNP-UW-Z]{2})$/;
const UK_POSTCODE_FORMS = ["A9", "A99", "AA9", "AA99", "A9A", "AA9A", "AAA"].flatMap((out) => [
  `${out} 9AA`,
  `${out}9AA`,
]);
const UK_PLATE_WORDS = ["vehicle", "registration", "plate", "number plate", "car", "vrm", "reg "];

/** Fiscal code check letter. */
function isFiscalCode(code: string): boolean {
  let sum = 0;
  for (let i = 0; i < 15; i += 1) {
    const value = alphanumericValue(code, i);
    sum += i % 2 === 0 ? FISCAL_ODD[value]! : value > 9 ? value - 10 : value;
  }
  return code.charCodeAt(15) - 65 === sum % 26;
}

/** Swedish numbers: Luhn over ten digits. */
function isSwedishPerson(digits: string): boolean {
  const ten = digits.slice(-10);
  const day = Number(ten.slice(4, 6));
  const year = digits.length === 12 ? Number(digits.slice(0, 4)) : Number(ten.slice(0, 2));
  if (digits.length === 12 && (year < 1850 || year > 2099)) return false;
  return isDate(year, Number(ten.slice(2, 4)), day > 60 ? day - 60 : day) && isLuhn(ten);
}

/** National Insurance number: prefixes that HMRC never issues (NIM39110). */
function isNino(code: string): boolean {
  return (
    /^[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]\d{6}[A-D]$/.test(code) && !/^(?:BG|GB|KN|NK|NT|TN|ZZ)/.test(code)
  );
}

export const EUROPEAN_RULES: readonly NationalRule[] = [
  {
    type: "ES_NIE",
    country: "ES",
    forms: ["A9999999A", "A9999999-A", "A-9999999-A"],
    isValid: (c) => {
      const lead = "XYZ".indexOf(c.charAt(0));
      return lead >= 0 && NIF_LETTERS.charAt(Number(`${lead}${c.slice(1, 8)}`) % 23) === c.charAt(8);
    },
    bare: 0.85,
    context: ["nie", "extranjero"],
    evidence: "check-digit",
  },
  {
    type: "ES_NIF",
    country: "ES",
    forms: ["99999999a", "99999999-a", "9999999a", "9999999-a", "99.999.999-a", "99999999 A"],
    isValid: (c) => NIF_LETTERS.charAt(Number(c.slice(0, -1)) % 23) === c.slice(-1),
    bare: 0.75,
    context: ["nif", "dni", "documento", "identidad"],
    evidence: "check-digit",
  },
  {
    type: "ES_PASSPORT",
    country: "ES",
    forms: ["aaa999999"],
    bare: 0.2,
    whole: 0.3,
    context: ["pasaporte", "passport"],
    evidence: "form",
  },
  {
    // DVV: birth date, century sign, serial 002-999, check character; new signs since 2023 included.
    type: "FI_PERSONAL_IDENTITY_CODE",
    country: "FI",
    forms: ["999999-999x", "999999+999x", "999999A999x", "999999a999x"],
    isValid: (c, raw) => {
      const sign = raw.charAt(6).toUpperCase();
      if (!"+-ABCDEFUVWXY".includes(sign)) return false;
      const number = raw.slice(0, 6) + raw.slice(7, 10);
      const century = sign === "+" ? 1800 : "ABCDEF".includes(sign) ? 2000 : 1900;
      return (
        isDate(century + Number(raw.slice(4, 6)), Number(raw.slice(2, 4)), Number(raw.slice(0, 2))) &&
        Number(raw.slice(7, 10)) >= 2 &&
        FINNISH_CHECK.charAt(Number(number) % 31) === c.slice(-1)
      );
    },
    bare: 0.85,
    context: ["henkilötunnus", "hetu", "personal identity"],
    evidence: "check-digit",
    mayTouchWord: true,
  },
  {
    type: "IT_DRIVER_LICENSE",
    country: "IT",
    forms: ["aa9999999a", "axxxxxxxxa"],
    isValid: (c) => /^(?:[A-Z]{2}\d{7}[A-Z]|U1[B-DF-HJ-NP-TV-Z0-9]{7}[A-Z])$/.test(c),
    bare: 0.5,
    context: ["patente", "guida", "licen"],
    evidence: "form",
  },
  {
    type: "IT_FISCAL_CODE",
    country: "IT",
    forms: ["aaaaaaxxaxxaxxxa"],
    isValid: (c) => FISCAL_FORM.test(c) && isFiscalCode(c),
    bare: 0.9,
    context: ["codice fiscale", "fiscal"],
    evidence: "check-digit",
  },
  {
    type: "IT_FISCAL_CODE",
    country: "IT",
    forms: ["aaaaaaxxaxxaxxxa"],
    isValid: (c) => FISCAL_FORM.test(c),
    bare: 0.6,
    context: ["codice fiscale", "fiscal"],
    evidence: "form",
  },
  {
    type: "IT_IDENTITY_CARD",
    country: "IT",
    forms: ["aa9999999", "aa 9999999", "9999999aa", "aa99999aa"],
    bare: 0.2,
    whole: 0.3,
    near: 0.75,
    context: ["carta", "identità", "identita", "identity"],
    evidence: "form",
  },
  {
    type: "IT_PASSPORT",
    country: "IT",
    forms: ["aa9999999"],
    bare: 0.2,
    whole: 0.3,
    near: 0.75,
    context: ["passaporto", "passport"],
    evidence: "form",
  },
  {
    // Partita IVA: Luhn over eleven digits (D.P.R. 633/1972, art. 35).
    type: "IT_VAT_CODE",
    country: "IT",
    forms: ["99999999999", "AA99999999999"],
    isValid: (c) => isLuhn(c.replace(/^IT/, "")) && (/^\d/.test(c) || c.startsWith("IT")) && !/^0+$/.test(c),
    bare: 0.35,
    context: ["iva", "p.iva", "vat"],
    evidence: "check-digit",
  },
  {
    // PESEL: birth date with the century in the month, weights 1 3 7 9, complement to 10 (Dz.U. 2010 nr 217).
    type: "PL_PESEL",
    country: "PL",
    forms: ["99999999999"],
    isValid: (d) => {
      const month = Number(d.slice(2, 4));
      return (
        isDate(Number(d.slice(0, 2)), month % 20, Number(d.slice(4, 6))) &&
        (10 - (weightedSum(d, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === digitAt(d, 10)
      );
    },
    bare: 0.45,
    context: ["pesel"],
    evidence: "check-digit",
  },
  {
    // Organisation number: month part of at least 20, Luhn (Skatteverket SKV 709).
    type: "SE_ORGANISATIONSNUMMER",
    country: "SE",
    forms: ["999999-9999", "9999999999"],
    isValid: (d) => digitAt(d, 2) >= 2 && isLuhn(d) && !/^0/.test(d),
    bare: 0.45,
    context: ["organisation", "orgnummer", "org.nr", "orgnr", "company"],
    evidence: "check-digit",
  },
  {
    type: "SE_PERSONNUMMER",
    country: "SE",
    forms: ["999999999999", "99999999-9999", "999999-9999", "999999+9999"],
    isValid: isSwedishPerson,
    bare: 0.6,
    context: ["personnummer", "pnr", "swedish", "samordningsnummer"],
    evidence: "check-digit",
    mayTouchWord: true,
  },
  {
    type: "SE_PERSONNUMMER",
    country: "SE",
    forms: ["9999999999"],
    isValid: isSwedishPerson,
    bare: 0.3,
    context: ["personnummer", "pnr", "swedish", "samordningsnummer"],
    evidence: "check-digit",
  },
  {
    // DVLA: five characters of the surname, decade, month (+50 for women), day, year, initials, check characters.
    type: "UK_DRIVING_LICENCE",
    country: "GB",
    forms: ["xxxxx999999xx9aa", "xxxxx999999xxxaa"],
    isValid: (c) =>
      /^[A-Z]{1,5}9{0,4}/.test(c) &&
      /^[A-Z][A-Z9]{4}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z9]{2}[A-Z0-9][A-Z]{2}$/.test(c),
    bare: 0.85,
    context: ["licence", "license", "driving", "dvla"],
    evidence: "form",
  },
  {
    // NHS number: weights 10 to 2, modulo 11 (NHS Data Dictionary).
    type: "UK_NHS",
    country: "GB",
    forms: ["999-999-9999", "999 999 9999"],
    isValid: isNhs,
    bare: 0.7,
    context: ["nhs", "national health", "patient"],
    evidence: "check-digit",
  },
  {
    type: "UK_NHS",
    country: "GB",
    forms: ["9999999999"],
    isValid: isNhs,
    bare: 0.35,
    context: ["nhs", "national health"],
    evidence: "check-digit",
  },
  {
    type: "UK_NINO",
    country: "GB",
    forms: ["aa999999a", "aa 999999a", "aa 999999 a", "aa 99 99 99 a", "aa-99-99-99-a", "aa99 99 99a", "aa 99 99 99a"],
    isValid: isNino,
    bare: 0.75,
    context: ["national insurance", "nino", "ni number"],
    evidence: "form",
  },
  {
    type: "UK_PASSPORT",
    country: "GB",
    forms: ["AA9999999"],
    bare: 0.2,
    whole: 0.3,
    near: 0.75,
    context: ["passport"],
    evidence: "form",
  },
  {
    // Royal Mail PAF: letters that never stand at each place.
    type: "UK_POSTCODE",
    country: "GB",
    forms: UK_POSTCODE_FORMS,
    isValid: (c) => UK_POSTCODE.test(c),
    bare: 0.4,
    whole: 0.4,
    near: 0.7,
    context: ["postcode", "post code", "address", "postal"],
    evidence: "form",
  },
  {
    // DVLA INF104: current form, age identifiers 02-29 and 51-79, no I, Q or Z in the area.
    type: "UK_VEHICLE_REGISTRATION",
    country: "GB",
    forms: ["AA99 AAA", "AA99AAA"],
    isValid: (c) => /^[A-HJ-PR-Y]{2}(?:0[2-9]|[12]\d|5[1-9]|[67]\d)[A-HJ-PR-Z]{3}$/.test(c),
    bare: 0.6,
    context: UK_PLATE_WORDS,
    evidence: "form",
  },
  {
    type: "UK_VEHICLE_REGISTRATION",
    country: "GB",
    forms: ["A9", "A99", "A999"].flatMap((out) => [`${out} AAA`, `${out}AAA`]),
    isValid: (c) => /^[A-HJ-NPR-TV-Y]\d{1,3}[A-HJ-PR-Z]{3}$/.test(c),
    bare: 0.25,
    whole: 0.4,
    near: 0.7,
    context: UK_PLATE_WORDS,
    evidence: "form",
  },
  {
    type: "UK_VEHICLE_REGISTRATION",
    country: "GB",
    forms: ["9A", "99A", "999A"].flatMap((tail) => [`AAA ${tail}`, `AAA${tail}`]),
    isValid: (c) => /^[A-HJ-PR-Z]{3}\d{1,3}[A-HJ-NPR-TV-Y]$/.test(c),
    bare: 0.25,
    whole: 0.4,
    near: 0.7,
    context: UK_PLATE_WORDS,
    evidence: "form",
  },
];

function isNhs(digits: string): boolean {
  const rest = 11 - (weightedSum(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11);
  return rest !== 10 && rest % 11 === digitAt(digits, 9) && !/^(\d)\1+$/.test(digits);
}

