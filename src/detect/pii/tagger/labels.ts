/** The labels of the tagger: BIO over three entity types, and one label for parts of street addresses. */
import type { EntityType } from "#contract";

/** Number of labels; weights lie in rows of this many values. */
export const LABELS = 8;

/** Not part of an entity. */
export const OUTSIDE = 0;
/** First label of a person; the label after it continues one, and so for places (3, 4) and organisations (5, 6). */
export const BEGIN_PERSON = 1;
/** Part of a street address (no beginning: neighbours are joined). */
export const ADDRESS_PART = 7;

/** Entity type of each label, by label; the label outside has none. */
export const LABEL_TYPES: readonly (EntityType | undefined)[] = [
  undefined,
  "PERSON",
  "PERSON",
  "LOCATION",
  "LOCATION",
  "ORGANIZATION",
  "ORGANIZATION",
  "ADDRESS",
];

/** The label that begins an entity of `type`, or undefined when the tagger has no such type. */
export function beginLabel(type: EntityType): number | undefined {
  const label = LABEL_TYPES.indexOf(type);
  return label < 0 ? undefined : label;
}

/** True for the labels that continue an entity (I of BIO). */
export function isInside(label: number): boolean {
  return label === 2 || label === 4 || label === 6;
}
