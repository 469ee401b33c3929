/**
 * Structured identifiers in one pass: a class per character says which check runs at a hit, everything else is passed
 * over. Each check does bounded work or takes what it read out of the pass, so the whole is linear.
 */
import type { Recogniser } from "../types.ts";
import { checkCard } from "./card.ts";
import { checkDate } from "./date.ts";
import { checkEmail } from "./email.ts";
import { checkIban } from "./iban.ts";
import { checkColon, checkIp4, checkMac } from "./ip.ts";
import { beginsNumber, NumberRegion } from "./number-region.ts";
import { checkPerson } from "./person-intro.ts";
import { beginsPhone, checkPhone } from "./phone.ts";
import { isAlnum, isWordLike, Scan } from "./scan.ts";
import { checkSsn } from "./ssn.ts";
import { checkDomain, checkUrl } from "./url.ts";

const NONE = 0;
const DIGIT = 1;
const AT = 2;
const COLON = 3;
const DOT = 4;
const CAPITAL = 5;
const CLASS = buildClasses();

/** Every type that the pass emits. */
const TYPES = [
  "EMAIL_ADDRESS",
  "PHONE_NUMBER",
  "US_SSN",
  "US_ITIN",
  "CREDIT_CARD",
  "CARD_EXPIRY",
  "IBAN_CODE",
  "IP_ADDRESS",
  "MAC_ADDRESS",
  "URL",
  "DATE_TIME",
  "DATE_OF_BIRTH",
  "PERSON",
];

/** The recogniser of all structured identifiers. */
export function createStructuredRecogniser(): Recogniser {
  const region = new NumberRegion();
  return {
    name: "structured",
    types: TYPES,
    find(text) {
      const scan = new Scan(text);
      for (let i = 0; i < text.length; ) {
        const code = text.charCodeAt(i);
        switch (code < 128 ? CLASS[code] : NONE) {
          case DIGIT:
            i = checkNumber(scan, region, i);
            break;
          case AT:
            i = checkEmail(scan, i);
            break;
          case COLON:
            i =
              text.charCodeAt(i + 1) === 47 && text.charCodeAt(i + 2) === 47
                ? checkUrl(scan, i)
                : checkColon(scan, i);
            break;
          case DOT:
            i = isAlnum(scan.code(i + 1)) && isAlnum(scan.code(i - 1)) ? checkDomain(scan, i) : i + 1;
            break;
          case CAPITAL:
            i = isWordLike(scan.code(i - 1)) ? i + 1 : checkPerson(scan, i);
            break;
          default:
            i++;
        }
      }
      return scan.findings;
    },
  };
}

/** Looks at the first digit of a token; returns where the pass goes on. */
function checkNumber(scan: Scan, region: NumberRegion, at: number): number {
  let tokenStart = at;
  while (isAlnum(scan.code(tokenStart - 1))) tokenStart--;
  let tokenEnd = at + 1;
  while (isAlnum(scan.code(tokenEnd))) tokenEnd++;
  if (checkMac(scan, tokenStart)) return tokenStart + 17 > tokenEnd ? tokenEnd : tokenStart + 14;
  if (tokenStart < at) {
    const end = checkIban(scan, tokenStart);
    return Math.max(end, tokenEnd);
  }
  const end = region.read(scan.text, at);
  for (let g = 0; g < region.count; g++) {
    const start = region.start[g]!;
    const separator = region.separator[g]!;
    const isFree = g === 0 ? beginsNumber(scan.text, start) : separator === 32 || separator === 1;
    if (!isFree) continue;
    if (checkIp4(scan, region, g) >= 0) continue;
    checkDate(scan, start);
    const used = Math.max(checkCard(scan, region, g), checkSsn(scan, region, g));
    if (used >= g) {
      g = used;
      continue;
    }
    if (beginsPhone(scan, start)) {
      const last = checkPhone(scan, region, g);
      if (last > g) g = last;
    }
  }
  return Math.max(end, at + 1);
}

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 48; code < 58; code++) classes[code] = DIGIT;
  for (let code = 65; code < 91; code++) classes[code] = CAPITAL;
  classes[64] = AT;
  classes[58] = COLON;
  classes[46] = DOT;
  return classes;
}
