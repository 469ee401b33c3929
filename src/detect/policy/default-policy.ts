/** The policy that holds when none is given; `policies/default_pii.yaml` says the same (a test compares them). */
import { NATIONAL_TYPES } from "../pii/national/national-recogniser.ts";
import type { EntityRule, Policy } from "../types.ts";

const replace: EntityRule = { operator: "placeholder", threshold: 0.5 };
const report: EntityRule = { operator: "keep", threshold: 0.5 };

/** Direct identifiers are replaced; plain dates, URLs, places and organisations are reported and kept. */
export const DEFAULT_POLICY: Policy = {
  name: "default_pii",
  description:
    "Direct identifiers and secrets are replaced; dates, links, places and organisations are reported.",
  entities: {
    PERSON: replace,
    EMAIL_ADDRESS: replace,
    PHONE_NUMBER: replace,
    ADDRESS: replace,
    DATE_OF_BIRTH: replace,
    CREDIT_CARD: replace,
    CARD_SECURITY_CODE: replace,
    CARD_EXPIRY: replace,
    CARD_SERVICE_CODE: replace,
    CARD_TRACK: replace,
    PIN: replace,
    IBAN_CODE: replace,
    BIC: replace,
    ABA_ROUTING_NUMBER: replace,
    US_BANK_NUMBER: replace,
    US_SSN: replace,
    US_ITIN: replace,
    US_PASSPORT: replace,
    US_DRIVER_LICENSE: replace,
    MEDICAL_RECORD_NUMBER: replace,
    MEDICAL_LICENSE: replace,
    US_NPI: replace,
    US_MBI: replace,
    HEALTH_PLAN_NUMBER: replace,
    BIOMETRIC_ID: replace,
    PHOTO: replace,
    EMPLOYEE_ID: replace,
    IP_ADDRESS: replace,
    MAC_ADDRESS: replace,
    CRYPTO: replace,
    VIN: replace,
    LICENSE_PLATE: replace,
    DEVICE_ID: replace,
    SECRET: replace,
    PASSWORD: replace,
    ID: replace,
    CUSTOM: replace,
    ZIP_CODE: report,
    LOCATION: report,
    ORGANIZATION: report,
    DATE_TIME: report,
    URL: report,
    ...Object.fromEntries(NATIONAL_TYPES.map((type) => [type, replace])),
  },
  allow: [],
  deny: [],
  restoreIn: { urls: false, toolCalls: false },
  patterns: [],
  injection: { action: "flag", threshold: 0.5 },
};
