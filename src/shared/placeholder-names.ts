/** Short names that placeholders carry; here and not with the contract's schemas so that the library stays quick to load. */

/**
 * Short names inside placeholders where they differ from the entity type: `[EMAIL_1]` for EMAIL_ADDRESS.
 * Source: the second seed's placeholders and ARCHITECTURE.md, "Entity types".
 */
export const PLACEHOLDER_NAMES: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: "EMAIL",
  PHONE_NUMBER: "PHONE",
  US_SSN: "SSN",
  CREDIT_CARD: "CARD",
  IBAN_CODE: "IBAN",
  IP_ADDRESS: "IP",
  PERSON: "NAME",
  DATE_TIME: "DATE",
  LOCATION: "LOC",
};

/** The short name of an entity type inside a placeholder. */
export function placeholderName(type: string): string {
  return PLACEHOLDER_NAMES[type] ?? type;
}
