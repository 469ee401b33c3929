/** Data: identifiers of Asian countries and Türkiye. */
import { alphanumericValue, digitAt, isShortDate, isVerhoeff, weightedSum } from "./check-sums.ts";
import type { NationalRule } from "./rule.ts";

/** Indian state codes on number plates (Ministry of Road Transport and Highways). */
const INDIAN_PLATE =
  /^(?:A[NPRS]|BR|C[GH]|D[DLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKP]|WB)\d{1,2}[A-Z]{1,3}\d{4}$/;
const INDIAN_PLATE_FORMS = ["9", "99"].flatMap((district) =>
  ["a", "aa", "aaa"].flatMap((letters) => [
    `aa${district}${letters}9999`,
    `aa ${district} ${letters} 9999`,
    `aa-${district}-${letters}-9999`,
    `aa${district} ${letters} 9999`,
    `aa-${district} ${letters} 9999`,
    `aa${district}-${letters}-9999`,
    `aa${district}${letters} 9999`,
  ]),
);
/** Provinces of Thailand: digits 2 and 3 of the identification number (Department of Provincial Administration). */
const THAI_PROVINCE = /^.(?:1\d|2[0-7]|[34]\d|5[0-8]|6[0-7]|7[0-7]|8[0-6]|9[0-6])/;
const KOREAN_ID_WEIGHTS = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/** Korean resident numbers: birth date and, until October 2020, a check digit. */
function isKoreanCheck(digits: string, complement: number): boolean {
  return (complement - (weightedSum(digits, KOREAN_ID_WEIGHTS) % 11)) % 10 === digitAt(digits, 12);
}

/** GSTIN check character: alternating weights 1 and 2 in base 36 (GST Network). */
function isGstin(code: string): boolean {
  let sum = 0;
  for (let i = 0; i < 14; i += 1) {
    const product = alphanumericValue(code, i) * (i % 2 === 0 ? 1 : 2);
    sum += Math.floor(product / 36) + (product % 36);
  }
  return (36 - (sum % 36)) % 36 === alphanumericValue(code, 14);
}

const GSTIN_FORM = /^(?:0[1-9]|[12]\d|3[0-7]|97|99)[A-Z]{5}\d{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/;

/** Singapore UEN check letters by the three published forms (ACRA). */
function isUen(code: string): boolean {
  if (/^\d{8}[A-Z]$/.test(code))
    return "XMKECAWLJDB".charAt(weightedSum(code, [10, 4, 9, 3, 8, 2, 7, 1]) % 11) === code.charAt(8);
  if (/^(?:1[89]|20)\d{7}[A-Z]$/.test(code))
    return "ZKCMDNERGWH".charAt(weightedSum(code, [10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11) === code.charAt(9);
  const alphabet = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
  let sum = 0;
  for (const [i, weight] of [4, 3, 5, 3, 10, 2, 2, 5, 7].entries())
    sum += weight * alphabet.indexOf(code.charAt(i));
  return /^[RST]\d{2}[A-Z]{2}\d{4}[A-Z]$/.test(code) && alphabet.charAt((((sum - 5) % 11) + 11) % 11) === code.charAt(9);
}

/** Singapore NRIC and FIN check letters (ICA). */
function isNric(code: string): boolean {
  const lead = code.charAt(0);
  const offset = lead === "T" || lead === "G" ? 4 : lead === "M" ? 3 : 0;
  const rest = (weightedSum(code.slice(1), [2, 7, 6, 5, 4, 3, 2]) + offset) % 11;
  const letters = "ST".includes(lead) ? "JZIHGFEDCBA" : "FG".includes(lead) ? "XWUTRQPNMLK" : "XWUTRQPNJLK";
  return letters.charAt(lead === "M" ? 10 - rest : rest) === code.charAt(8);
}

export const ASIAN_RULES: readonly NationalRule[] = [
  {
    // UIDAI: twelve digits, first one 2-9, Verhoeff, no palindrome.
    type: "IN_AADHAAR",
    country: "IN",
    forms: ["999999999999", "9999 9999 9999", "9999-9999-9999", "9999:9999:9999"],
    isValid: (d) => d.charCodeAt(0) >= 50 && isVerhoeff(d) && d !== [...d].reverse().join(""),
    bare: 0.5,
    context: ["aadhaar", "aadhar", "uidai", "uid"],
    evidence: "check-digit",
  },
  {
    type: "IN_GSTIN",
    country: "IN",
    forms: ["99AAAAA9999AXAX"],
    isValid: (c) => GSTIN_FORM.test(c) && isGstin(c),
    bare: 0.9,
    context: ["gst"],
    evidence: "check-digit",
  },
  {
    type: "IN_GSTIN",
    country: "IN",
    forms: ["99aaaaa9999axax"],
    isValid: (c) => GSTIN_FORM.test(c),
    bare: 0.6,
    context: ["gst"],
    evidence: "form",
  },
  {
    // Fourth letter: kind of holder (Income Tax Department).
    type: "IN_PAN",
    country: "IN",
    forms: ["aaaaa9999a"],
    isValid: (c) => /^.{3}[ABCFGHJLPTK]/.test(c),
    bare: 0.75,
    context: ["pan", "income tax", "permanent account"],
    evidence: "form",
  },
  {
    type: "IN_PAN",
    country: "IN",
    forms: ["aaaaa9999a"],
    bare: 0.5,
    context: ["pan", "income tax", "permanent account"],
    evidence: "form",
  },
  {
    type: "IN_PASSPORT",
    country: "IN",
    forms: ["a9999999", "a99 99999"],
    isValid: (c) => /^[A-PR-WYZ][1-9]\d{5}[1-9]$/.test(c),
    bare: 0.2,
    whole: 0.3,
    context: ["passport", "indian"],
    evidence: "form",
  },
  {
    type: "IN_VEHICLE_REGISTRATION",
    country: "IN",
    forms: INDIAN_PLATE_FORMS,
    isValid: (c) => INDIAN_PLATE.test(c),
    bare: 0.6,
    context: ["vehicle", "registration", "rto", "plate", "car "],
    evidence: "form",
  },
  {
    type: "IN_VOTER",
    country: "IN",
    forms: ["aaa9999999"],
    bare: 0.45,
    context: ["voter", "epic", "election"],
    evidence: "form",
  },
  {
    // National Tax Service: weights 1 3 7 1 3 7 1 3 5 and the tens of the last product.
    type: "KR_BRN",
    country: "KR",
    forms: ["999-99-99999", "9999999999"],
    isValid: (d) =>
      (10 - ((weightedSum(d, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digitAt(d, 8) * 5) / 10)) % 10)) % 10 ===
      digitAt(d, 9),
    bare: 0.45,
    context: ["brn", "business registration", "사업자"],
    evidence: "check-digit",
  },
  {
    type: "KR_DRIVER_LICENSE",
    country: "KR",
    forms: ["99-99-999999-99", "99 99 999999 99", "999999999999"],
    isValid: (d) => /^(?:1[1-9]|2[0-68])/.test(d),
    bare: 0.4,
    context: ["driver", "licen", "운전면허"],
    evidence: "form",
  },
  {
    // Foreigners: seventh digit 5-8.
    type: "KR_FRN",
    country: "KR",
    forms: ["999999-9999999", "9999999999999"],
    isValid: (d) => /^.{6}[5-8]/.test(d) && isShortDate(d),
    bare: 0.45,
    context: ["frn", "foreigner", "외국인"],
    evidence: "date",
  },
  {
    type: "KR_RRN",
    country: "KR",
    forms: ["999999-9999999"],
    isValid: (d) => /^.{6}[1-4]/.test(d) && isShortDate(d),
    bare: 0.7,
    context: ["rrn", "resident", "주민"],
    evidence: "date",
  },
  {
    type: "KR_RRN",
    country: "KR",
    forms: ["9999999999999"],
    isValid: (d) => /^.{6}[1-4]/.test(d) && isShortDate(d),
    bare: 0.35,
    context: ["rrn", "resident", "주민"],
    evidence: "date",
  },
  {
    type: "KR_RRN",
    country: "KR",
    forms: ["9999999999999"],
    isValid: (d) => /^.{6}[1-4]/.test(d) && isShortDate(d) && isKoreanCheck(d, 11),
    bare: 0.5,
    context: ["rrn", "resident", "주민"],
    evidence: "check-digit",
  },
  {
    type: "KR_PASSPORT",
    country: "KR",
    forms: ["a99999999", "a999a9999"],
    isValid: (c, raw) => /^[MSROD]/.test(c) && (c.length !== 9 || /^[a-zA-Z]\d{8}$|^[a-zA-Z]\d{3}[a-zA-Z]\d{4}$/.test(raw)),
    bare: 0.2,
    whole: 0.3,
    near: 0.75,
    context: ["passport", "여권"],
    evidence: "form",
  },
  {
    type: "PH_TIN",
    country: "PH",
    forms: ["999-999-999", "999-999-999-999", "999-999-999-99999", "999999999", "999999999999"],
    isValid: (d) => isPhilippineTin(d),
    bare: 0.35,
    context: ["tin", "tax", "bir"],
    evidence: "form",
  },
  {
    type: "SG_NRIC_FIN",
    country: "SG",
    forms: ["a9999999a"],
    isValid: (c) => /^[STFGM]/.test(c) && isNric(c),
    bare: 0.75,
    context: ["nric", "fin"],
    evidence: "check-digit",
  },
  {
    type: "SG_UEN",
    country: "SG",
    forms: ["99999999A", "999999999A", "A99AA9999A"],
    isValid: isUen,
    bare: 0.7,
    context: ["uen", "unique entity", "acra"],
    evidence: "check-digit",
  },
  {
    // Thirteen digits: kind of person, province, weights 13 to 2, modulo 11.
    type: "TH_TNIN",
    country: "TH",
    forms: ["9999999999999", "9-9999-99999-99-9", "9 9999 99999 99 9"],
    isValid: (d) =>
      /^[1-8]/.test(d) &&
      THAI_PROVINCE.test(d) &&
      (11 - (weightedSum(d, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digitAt(d, 12),
    bare: 0.45,
    context: ["thai", "tnin", "บัตร", "ประชาชน"],
    evidence: "check-digit",
  },
  {
    type: "TR_LICENSE_PLATE",
    country: "TR",
    forms: ["A", "AA", "AAA"].flatMap((letters) =>
      ["99", "999", "9999", "99999"].flatMap((digits) => [`99 ${letters} ${digits}`, `99${letters}${digits}`]),
    ),
    isValid: (c) => /^(?:0[1-9]|[1-7]\d|8[01])[A-Z]{1,3}\d{2,5}$/.test(c),
    bare: 0.45,
    context: ["plaka", "araç", "plate", "vehicle"],
    evidence: "form",
  },
  {
    // Nüfus: tenth digit from 7 x odd - even, eleventh from the sum of ten.
    type: "TR_NATIONAL_ID",
    country: "TR",
    forms: ["99999999999"],
    isValid: (d) => {
      const odd = digitAt(d, 0) + digitAt(d, 2) + digitAt(d, 4) + digitAt(d, 6) + digitAt(d, 8);
      const even = digitAt(d, 1) + digitAt(d, 3) + digitAt(d, 5) + digitAt(d, 7);
      const tenth = (((odd * 7 - even) % 10) + 10) % 10;
      return (
        d.charAt(0) !== "0" && tenth === digitAt(d, 9) && (odd + even + tenth) % 10 === digitAt(d, 10)
      );
    },
    bare: 0.5,
    context: ["kimlik", "tckn", "turkish", "t.c."],
    evidence: "check-digit",
  },
];

/**
 * Philippine TIN: nine digits and an optional branch code. The BIR publishes no check; both formulas in circulation are
 * taken (weights 1 to 8, or 9 down to 2, modulo 11 gives the ninth digit).
 */
function isPhilippineTin(digits: string): boolean {
  const last = digitAt(digits, 8);
  return (
    !/^0{8}/.test(digits) &&
    (weightedSum(digits, [1, 2, 3, 4, 5, 6, 7, 8]) % 11 === last ||
      weightedSum(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11 === last)
  );
}
