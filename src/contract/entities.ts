/** Entity types: Presidio's names plus ADDRESS and ZIP_CODE, and the short names placeholders carry. */
export { PLACEHOLDER_NAMES, placeholderName } from "#shared";

/** An entity type: upper-case letters, digits and underscores, such as `EMAIL_ADDRESS`. */
export type EntityType = string;
