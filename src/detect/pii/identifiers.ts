/** Numbers and codes that mean nothing without a label: accounts, records, passports, licences, PINs, plans, devices. */
import type { EntityType } from "#contract";
import { isAba, isDea, isLuhn, isNpi, isVin } from "./check-digits.ts";
import { CONTEXT } from "./context.data.ts";
import type { Scan } from "./scan.ts";

/** One kind of identifier. */
interface IdentifierRule {
  readonly type: EntityType;
  /** Context kinds of which one must stand near; 0: none is needed. */
  readonly near: number;
  /** Context kinds that must stand near as well, unless a label sign stands before the value. */
  readonly also?: number;
  /** Context kinds that rule it out. */
  readonly not?: number;
  readonly shape: RegExp;
  /** Digits or characters of the value after separators were taken out. */
  readonly isValid?: (compact: string) => boolean;
  readonly score: number;
  /** Score without any context; 0: no candidate. Raised to 0.5 when the value is the whole text and checked. */
  readonly bare?: number;
  readonly evidence: string;
}

/** Expressions run on one token of at most 40 characters. */
export const IDENTIFIER_RULES: readonly IdentifierRule[] = [
  {
    type: "CARD_SECURITY_CODE",
    near: CONTEXT.cvv,
    shape: /^\d{3,4}$/,
    score: 0.85,
    evidence: "context:cvv",
  },
  {
    type: "PIN",
    near: CONTEXT.pin,
    not: CONTEXT.zip,
    shape: /^\d{4,8}$/,
    score: 0.8,
    evidence: "context:pin",
  },
  {
    type: "CARD_SERVICE_CODE",
    near: CONTEXT.service,
    also: CONTEXT.id,
    shape: /^[1-79][0-24-7][0-7]$/,
    score: 0.7,
    evidence: "context:service-code",
  },
  {
    type: "ABA_ROUTING_NUMBER",
    near: CONTEXT.routing,
    shape: /^(?:\d{9}|\d{4}-\d{4}-\d)$/,
    isValid: (digits) => /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/.test(digits) && isAba(digits),
    score: 0.9,
    bare: 0.3,
    evidence: "aba",
  },
  {
    type: "US_NPI",
    near: CONTEXT.npi,
    shape: /^(?:[12]\d{9}|[12]\d{3}[- ]\d{3}[- ]\d{3})$/,
    isValid: (digits) => isNpi(digits) && !/^(\d)\1{7}/.test(digits),
    score: 0.9,
    bare: 0.4,
    evidence: "npi",
  },
  {
    type: "MEDICAL_LICENSE",
    near: 0,
    shape: /^[A-HJ-MP-UX][A-Z9]\d{7}$/i,
    isValid: (code) => isDea(code.slice(2)),
    score: 0.85,
    evidence: "dea",
  },
  {
    type: "US_MBI",
    near: 0,
    shape:
      /^[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d-?[AC-HJKMNP-RT-Y]{2}\d{2}$/,
    score: 0.85,
    evidence: "mbi",
  },
  {
    type: "US_BANK_NUMBER",
    near: CONTEXT.account,
    also: CONTEXT.id | CONTEXT.account,
    not: CONTEXT.order,
    shape: /^\d{6,17}$|^\d{2,6}(?:-\d{2,6}){1,3}$/,
    score: 0.7,
    evidence: "context:account",
  },
  {
    type: "US_PASSPORT",
    near: CONTEXT.passport,
    shape: /^(?:\d{9}|[A-Z]\d{8}|[A-Z]{1,2}\d{6,8})$/i,
    score: 0.8,
    bare: 0.1,
    evidence: "context:passport",
  },
  {
    type: "LICENSE_PLATE",
    near: CONTEXT.plate,
    not: CONTEXT.date,
    shape: /^(?=[A-Z0-9-]{0,3}\d|[A-Z-]{1,5}\d)[A-Z0-9]{1,4}(?:-?[A-Z0-9]{1,4}){1,2}$/,
    score: 0.7,
    evidence: "context:plate",
  },
  {
    type: "US_DRIVER_LICENSE",
    near: CONTEXT.licence,
    not: CONTEXT.plate,
    shape: /^(?:[A-Z]{1,2}\d{3,14}|\d{7,14}|[A-Z]{1,3}\d{2,6}[A-Z]\d{2,6}|[A-Z]\d{3}(?:-\d{3,4}){2,4})$/i,
    score: 0.75,
    bare: 0.05,
    evidence: "context:licence",
  },
  {
    type: "US_MBI",
    near: CONTEXT.medicare,
    shape: /^(?:\d{3}-?\d{2}-?\d{4}-?[A-Z]\d?|[A-Z0-9]{11})$/,
    score: 0.7,
    evidence: "context:medicare",
  },
  {
    type: "MEDICAL_RECORD_NUMBER",
    near: CONTEXT.record,
    also: CONTEXT.id,
    not: CONTEXT.version,
    shape: /^(?:[A-Z]{1,4}-?)?\d{4,12}(?:-\d{1,6})?$/i,
    score: 0.75,
    evidence: "context:record",
  },
  {
    type: "HEALTH_PLAN_NUMBER",
    near: CONTEXT.plan,
    also: CONTEXT.id,
    not: CONTEXT.version,
    shape: /^(?=[A-Z-]{0,8}\d)[A-Z0-9]{2,15}(?:-[A-Z0-9]{2,12}){0,3}$/i,
    score: 0.7,
    evidence: "context:plan",
  },
  {
    type: "EMPLOYEE_ID",
    near: CONTEXT.employee,
    also: CONTEXT.id,
    shape: /^(?=[A-Z-]{0,8}\d)[A-Z]{0,6}[-_]?\d{3,10}$/i,
    score: 0.75,
    evidence: "context:employee",
  },
  {
    type: "EMPLOYEE_ID",
    near: 0,
    shape: /^(?:EMP|EMPL|STAFF)[-_]?\d{3,10}$/i,
    score: 0.8,
    evidence: "prefix",
  },
  { type: "MEDICAL_RECORD_NUMBER", near: 0, shape: /^MRN[-_]?\d{4,12}$/i, score: 0.85, evidence: "prefix" },
  {
    type: "VIN",
    near: 0,
    shape: /^(?=[A-Z0-9]{0,16}[A-Z])[A-HJ-NPR-Z0-9]{17}$/,
    isValid: (code) => isVin(code),
    score: 0.85,
    evidence: "check-digit",
  },
  {
    type: "VIN",
    near: CONTEXT.vehicle,
    shape: /^[A-HJ-NPR-Z0-9]{17}$/i,
    score: 0.75,
    evidence: "context:vehicle",
  },
  {
    type: "DEVICE_ID",
    near: CONTEXT.device,
    shape: /^\d{15,16}$|^\d{2}-\d{6}-\d{6}-\d$/,
    isValid: (digits) => digits.length !== 15 || isLuhn(digits),
    score: 0.9,
    evidence: "imei",
  },
  {
    type: "DEVICE_ID",
    near: CONTEXT.device,
    shape: /^(?=[A-Z-]{0,8}\d)[A-Z0-9]{5,20}(?:-[A-Z0-9]{2,12}){0,5}$/i,
    score: 0.65,
    evidence: "context:device",
  },
  {
    type: "BIOMETRIC_ID",
    near: CONTEXT.biometric,
    shape: /^(?=[A-Z_-]{0,10}\d)[A-Z0-9]{2,16}(?:[-_][A-Z0-9]{2,16}){0,3}$/i,
    score: 0.7,
    evidence: "context:biometric",
  },
  {
    type: "ZIP_CODE",
    near: CONTEXT.zip,
    shape: /^(?:\d{4,6}(?:-\d{3,4})?|[A-Z]{1,2}\d[A-Z0-9]?|[A-Z]\d[A-Z])$/i,
    score: 0.85,
    evidence: "context:zip",
  },
  {
    type: "ID",
    near: CONTEXT.id,
    not: CONTEXT.order | CONTEXT.version | CONTEXT.phone | CONTEXT.date,
    also: CONTEXT.id,
    shape: /^(?=[A-Z-]{0,8}\d)[A-Z]{0,5}[-_]?\d{5,14}[A-Z]{0,2}$/i,
    score: 0.55,
    evidence: "context:id",
  },
];

const MAX_CHARS = 40;

/** Context kinds that any rule asks for. */
const ANY_NEAR = IDENTIFIER_RULES.reduce((kinds, rule) => kinds | rule.near, 0);
/** Rules that may give a candidate without context. */
const BARE_RULES = IDENTIFIER_RULES.filter((rule) => rule.near === 0 || rule.bare !== undefined);
/** No rule takes fewer digits than these without context or letters. */
const MIN_BARE_DIGITS = 7;

/** Judges one token (or a number with hyphens) by every rule; at most 40 characters. */
export function checkIdentifier(scan: Scan, start: number, end: number): void {
  const length = end - start;
  if (length > MAX_CHARS || length < 3 || isCurrency(scan.code(start - 1))) return;
  const near = scan.near(start);
  const rules = (near & ANY_NEAR) !== 0 ? IDENTIFIER_RULES : BARE_RULES;
  if (rules === BARE_RULES && length < MIN_BARE_DIGITS) return;
  const token = scan.text.slice(start, end);
  const isWhole = scan.isWhole(start, end);
  const isLabelled = near !== 0 && scan.isLabelled(start);
  for (const rule of rules) {
    const hasContext =
      (near & rule.near) !== 0 &&
      (near & (rule.not ?? 0)) === 0 &&
      (rule.also === undefined || isLabelled || (near & rule.also) !== 0);
    const score = rule.near === 0 || hasContext ? rule.score : bareScore(rule, isWhole);
    if (score === 0 || !rule.shape.test(token)) continue;
    if (rule.isValid !== undefined && !rule.isValid(token.replace(SEPARATORS, "").toUpperCase())) continue;
    scan.add(rule.type, start, end, score, "identifier", rule.evidence);
  }
}

/** Looks at the capital letter at `at` that begins a word: a bank identifier code (ISO 9362) behind its label. */
export function checkBic(scan: Scan, at: number): void {
  if (!isCapital(scan.code(at + 1)) || !isCapital(scan.code(at + 3)) || !isCapital(scan.code(at + 5))) return;
  const match = BIC.exec(scan.text.slice(at, at + 12));
  if (match === null || (scan.near(at) & CONTEXT.bic) === 0) return;
  scan.add("BIC", at, at + match[0].length, 0.85, "identifier", "context:bic");
}

/** ISO 9362: bank, country, location, branch. */
export const BIC = /^[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9])/;

function isCapital(code: number): boolean {
  return code >= 65 && code < 91;
}

/** Separators inside of identifiers. */
export const SEPARATORS = /[- ]/g;

/** $, £, ¥, €: an amount. */
function isCurrency(code: number): boolean {
  return code === 36 || code === 0xa3 || code === 0xa5 || code === 0x20ac;
}

function bareScore(rule: IdentifierRule, isWhole: boolean): number {
  const bare = rule.bare ?? 0;
  return isWhole && rule.isValid !== undefined && bare > 0 ? Math.max(0.5, bare) : bare;
}
