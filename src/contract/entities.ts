/** Entity types (Presidio's names plus ADDRESS and ZIP_CODE) and the short names placeholders carry. */

/** An entity type: upper-case letters, digits and underscores, such as `EMAIL_ADDRESS`. */
export type EntityType = string;

/**
 * Short names inside placeholders where they differ from the entity type: `[EMAIL_1]` for EMAIL_ADDRESS.
 * Source: the second seed's placeholders and ARCHITECTURE.md, "Entity types".
 */
export const PLACEHOLDER_NAMES: Readonly<Record<EntityType, string>> = {
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
export function placeholderName(type: EntityType): string {
  return PLACEHOLDER_NAMES[type] ?? type;
}
