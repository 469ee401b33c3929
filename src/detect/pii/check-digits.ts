/** Check-digit schemes. All take digits as text without separators. */

/** Luhn (ISO/IEC 7812-1 annex B): doubles every second digit from the right. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  let isDoubled = false;
  for (let i = digits.length - 1; i >= 0; i--) {
    let value = digits.charCodeAt(i) - 48;
    if (isDoubled) {
      value *= 2;
      if (value > 9) value -= 9;
    }
    sum += value;
    isDoubled = !isDoubled;
  }
  return sum % 10 === 0;
}

/** ISO 7064 mod 97-10 over letters and digits (IBAN: the first four characters moved to the end). */
export function isMod97(text: string): boolean {
  let rest = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    rest = code >= 65 ? (rest * 100 + code - 55) % 97 : (rest * 10 + code - 48) % 97;
  }
  return rest === 1;
}

/** ABA routing number: 3-7-1 weights, sum divisible by 10 (American Bankers Association key). */
export function isAba(digits: string): boolean {
  const d = (at: number) => digits.charCodeAt(at) - 48;
  return (3 * (d(0) + d(3) + d(6)) + 7 * (d(1) + d(4) + d(7)) + d(2) + d(5) + d(8)) % 10 === 0;
}

/** NPI: Luhn over the number with the prefix 80840 (45 CFR 162.406, CMS "NPI check digit"). */
export function isNpi(digits: string): boolean {
  return isLuhn(`80840${digits}`);
}

/** DEA registration: (d1+d3+d5) + 2(d2+d4+d6), last digit equals d7 (21 CFR 1301 practice). */
export function isDea(sevenDigits: string): boolean {
  const d = (at: number) => sevenDigits.charCodeAt(at) - 48;
  return (d(0) + d(2) + d(4) + 2 * (d(1) + d(3) + d(5))) % 10 === d(6);
}

const VIN_VALUES = "0123456789.ABCDEFGH..JKLMN.P.R..STUVWXYZ";
const VIN_WEIGHTS = "8765432X098765432";

/** Vehicle identification number: transliterated sum mod 11 (49 CFR 565.15). */
export function isVin(vin: string): boolean {
  let sum = 0;
  for (let i = 0; i < 17; i++) {
    const value = VIN_VALUES.indexOf(vin.charAt(i)) % 10;
    const weight = VIN_WEIGHTS.charAt(i) === "X" ? 10 : Number(VIN_WEIGHTS.charAt(i));
    sum += value * weight;
  }
  const expected = sum % 11 === 10 ? "X" : String(sum % 11);
  return vin.charAt(8) === expected;
}
