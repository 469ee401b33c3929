// Data: which standards name an entity type. Sources: HIPAA 45 CFR 164.514(b)(2) (Safe Harbor identifiers), GDPR Art. 4(1),
// CCPA Cal. Civ. Code 1798.140(v), PCI DSS v4.0 section 3, FERPA 34 CFR 99.3, SOC 2 CC6 (confidential information).

/** Standards under which an entity type is protected; types not listed count as personal data under GDPR and CCPA. */
export const COMPLIANCE: Readonly<Record<string, readonly string[]>> = {
  ADDRESS: ["hipaa", "gdpr", "ccpa", "ferpa"],
  CREDIT_CARD: ["pci_dss", "gdpr", "ccpa", "soc2"],
  DATE_TIME: ["hipaa", "gdpr", "ferpa"],
  EMAIL_ADDRESS: ["hipaa", "gdpr", "ccpa", "ferpa"],
  IBAN_CODE: ["gdpr", "ccpa", "soc2"],
  IP_ADDRESS: ["hipaa", "gdpr", "ccpa"],
  LOCATION: ["hipaa", "gdpr"],
  PERSON: ["hipaa", "gdpr", "ccpa", "ferpa"],
  PHONE_NUMBER: ["hipaa", "gdpr", "ccpa", "ferpa"],
  URL: ["hipaa", "gdpr"],
  US_DRIVER_LICENSE: ["hipaa", "gdpr", "ccpa"],
  US_SSN: ["hipaa", "gdpr", "ccpa", "soc2", "ferpa"],
  ZIP_CODE: ["hipaa", "gdpr", "ccpa"],
};

/** Standards of types that are not listed above. */
export const DEFAULT_COMPLIANCE: readonly string[] = ["gdpr", "ccpa"];
