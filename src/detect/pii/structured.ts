/**
 * Structured identifiers in one pass: a class per character says which check runs at a hit, everything else is passed
 * over. Each check does bounded work or takes what it read out of the pass, so the whole is linear.
 */
import type { EntityType } from "#contract";
import type { Finding, Recogniser } from "../types.ts";
import { checkEmail } from "./email.ts";
import { checkBic, IDENTIFIER_RULES } from "./identifiers.ts";
import { checkColon, checkMac } from "./ip.ts";
import { isDisguise } from "./normalise.ts";
import { checkNumber } from "./number.ts";
import { NumberRegion } from "./number-region.ts";
import { checkPerson } from "./person-intro.ts";
import { isAlnum, isWordLike, Scan } from "./scan.ts";
import { checkAssignment, checkPrivateKey } from "./secrets.ts";
import { checkBracketedEmail, checkSpelledEmails } from "./spelled-email.ts";
import { checkDomain, checkEmbeddedImage, checkUrl } from "./url.ts";

const NONE = 0;
const DIGIT = 1;
const AT = 2;
const COLON = 3;
const DOT = 4;
const CAPITAL = 5;
const EQUALS = 6;
const HYPHEN = 7;
const DISGUISE = 8;
const BRACKET = 9;

/** Every type that the pass emits. */
export const STRUCTURED_TYPES: readonly EntityType[] = [
  "EMAIL_ADDRESS",
  "PHONE_NUMBER",
  "US_SSN",
  "US_ITIN",
  "CREDIT_CARD",
  "CARD_EXPIRY",
  "CARD_TRACK",
  "IBAN_CODE",
  "BIC",
  "IP_ADDRESS",
  "MAC_ADDRESS",
  "URL",
  "DATE_TIME",
  "DATE_OF_BIRTH",
  "PERSON",
  "CRYPTO",
  "SECRET",
  "PHOTO",
  "PASSWORD",
  "ZIP_CODE",
  ...IDENTIFIER_RULES.map((rule) => rule.type),
].filter((type, index, all) => all.indexOf(type) === index);

/** The recogniser of all structured identifiers. */
export interface StructuredRecogniser extends Recogniser {
  /** Like `find`; undefined when the text holds characters of a disguise and has to be normalised first. */
  findUnlessDisguised(text: string): Finding[] | undefined;
}

/** Makes the recogniser; it reuses its buffers and looks at one text at a time. */
export function createStructuredRecogniser(): StructuredRecogniser {
  const region = new NumberRegion();

  function pass(text: string, stopsAtDisguise: boolean): Finding[] | undefined {
    const scan = new Scan(text);
    const classes = classTable();
    const { units, length } = scan;
    for (let at = 0; at < length; ) {
      const kind = classes[units[at]!]!;
      if (kind === NONE) at++;
      else if (kind !== DISGUISE) at = check(scan, kind, at);
      else if (stopsAtDisguise) return undefined;
      else at++;
    }
    checkSpelledEmails(scan);
    return scan.findings;
  }

  function check(scan: Scan, kind: number, at: number): number {
    switch (kind) {
      case DIGIT:
        return checkNumber(scan, region, at);
      case AT:
        return checkEmail(scan, at);
      case COLON: {
        if (scan.code(at + 1) === 47 && scan.code(at + 2) === 47) return checkUrl(scan, at);
        const end = Math.max(checkEmbeddedImage(scan, at), checkAssignment(scan, at));
        return end > 0 ? end : checkColon(scan, at);
      }
      case DOT:
        if (!isAlnum(scan.code(at + 1)) || !isAlnum(scan.code(at - 1))) return at + 1;
        return scan.code(at + 5) === 46 && checkMac(scan, at - 4) ? at + 10 : checkDomain(scan, at);
      case CAPITAL:
        if (isWordLike(scan.code(at - 1))) return at + 1;
        checkBic(scan, at);
        return checkPerson(scan, at);
      case EQUALS:
        return Math.max(at + 1, checkAssignment(scan, at));
      case HYPHEN:
        if (scan.code(at + 1) === 45) return scan.code(at + 5) === 66 ? checkPrivateKey(scan, at) : at + 1;
        return scan.code(at + 3) === 45 && checkMac(scan, at - 2) ? at + 15 : at + 1;
      case BRACKET:
        return checkBracketedEmail(scan, at);
      default:
        return at + 1;
    }
  }

  return {
    name: "structured",
    types: STRUCTURED_TYPES,
    find: (text) => pass(text, false) ?? [],
    findUnlessDisguised: (text) => pass(text, true),
  };
}

let classes: Uint8Array | undefined;

/** Class of every UTF-16 code; built at the first text, 64 KB. */
function classTable(): Uint8Array {
  if (classes !== undefined) return classes;
  const table = new Uint8Array(0x10000);
  for (let code = 128; code < 0x10000; code++) if (isDisguise(code)) table[code] = DISGUISE;
  for (let code = 48; code < 58; code++) table[code] = DIGIT;
  for (let code = 65; code < 91; code++) table[code] = CAPITAL;
  table[64] = AT;
  table[58] = COLON;
  table[46] = DOT;
  table[61] = EQUALS;
  table[45] = HYPHEN;
  table[40] = table[91] = table[123] = BRACKET;
  classes = table;
  return table;
}
