import Type from "typebox";

/** Bytes in a kibibyte. */
export const KIB = 1024;
/** Bytes in a mebibyte. */
export const MIB = 1024 * KIB;

/** Objects take no key that they do not name. */
export const closed = { additionalProperties: false } as const;

/** Milliseconds that a timer of Node can hold. */
export const milliseconds = (defaultMs: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1, default: defaultMs, description });
