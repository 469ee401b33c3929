/** Data: identifiers of Australia, Canada, Nigeria and South Africa. */
import { isLuhn } from "../check-digits.ts";
import { digitAt, isShortDate, isVerhoeff, weightedSum } from "./check-sums.ts";
import type { NationalRule } from "./rule.ts";

export const OTHER_RULES: readonly NationalRule[] = [
  {
    // ABR: one less in the first digit, weights 10 1 3 5 7 9 11 13 15 17 19, modulo 89.
    type: "AU_ABN",
    country: "AU",
    forms: ["99 999 999 999", "99999999999", "99-999-999-999"],
    isValid: (d) => (weightedSum(d, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0 && d.charAt(0) !== "0",
    bare: 0.45,
    context: ["abn", "business number"],
    evidence: "check-digit",
  },
  {
    // ASIC: weights 8 to 1, complement to 10.
    type: "AU_ACN",
    country: "AU",
    forms: ["999 999 999", "999999999", "999-999-999"],
    isValid: (d) => (10 - (weightedSum(d, [8, 7, 6, 5, 4, 3, 2, 1]) % 10)) % 10 === digitAt(d, 8) && !/^0+$/.test(d),
    bare: 0.35,
    context: ["acn", "company number"],
    evidence: "check-digit",
  },
  {
    // Services Australia: first digit 2-6, weights 1 3 7 9 twice, modulo 10.
    type: "AU_MEDICARE",
    country: "AU",
    forms: ["9999 99999 9", "9999999999", "9999-99999-9"],
    isValid: (d) => /^[2-6]/.test(d) && weightedSum(d, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digitAt(d, 8),
    bare: 0.4,
    context: ["medicare"],
    evidence: "check-digit",
  },
  {
    // ATO: weights 1 4 3 7 5 8 6 9 10, modulo 11.
    type: "AU_TFN",
    country: "AU",
    forms: ["999 999 999", "999999999", "999-999-999"],
    isValid: (d) => weightedSum(d, [1, 4, 3, 7, 5, 8, 6, 9, 10]) % 11 === 0 && !/^0+$/.test(d),
    bare: 0.4,
    context: ["tfn", "tax file"],
    evidence: "check-digit",
  },
  {
    // Service Canada: Luhn; 0 and 8 begin no number.
    type: "CA_SIN",
    country: "CA",
    forms: ["999 999 999", "999-999-999"],
    isValid: isSin,
    bare: 0.5,
    context: ["sin", "social insurance", "assurance sociale", "nas"],
    evidence: "check-digit",
  },
  {
    type: "CA_SIN",
    country: "CA",
    forms: ["999999999"],
    isValid: isSin,
    bare: 0.3,
    whole: 0.4,
    context: ["sin", "social insurance", "assurance sociale", "nas"],
    evidence: "check-digit",
  },
  {
    type: "NG_NIN",
    country: "NG",
    forms: ["99999999999"],
    isValid: (d) => isVerhoeff(d),
    bare: 0.4,
    context: ["nin", "national identification", "nimc"],
    evidence: "check-digit",
  },
  {
    type: "NG_VEHICLE_REGISTRATION",
    country: "NG",
    forms: ["aaa-999aa", "aaa999aa", "aaa 999 aa", "aaa 999aa"],
    bare: 0.6,
    context: ["vehicle", "plate", "registration"],
    evidence: "form",
  },
  {
    // Department of Home Affairs: birth date, serial, citizenship 0-2, Luhn.
    type: "ZA_ID_NUMBER",
    country: "ZA",
    forms: ["9999999999999", "999999 9999 99 9", "999999 9999 999"],
    isValid: (d) => isShortDate(d) && /^.{10}[0-2]/.test(d) && isLuhn(d),
    bare: 0.5,
    context: ["south africa", "rsa", "sa id", "id number", "resident", "refugee"],
    evidence: "check-digit",
  },
];

function isSin(digits: string): boolean {
  return /^[1-79]/.test(digits) && isLuhn(digits);
}
