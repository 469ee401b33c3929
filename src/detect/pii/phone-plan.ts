/** Numbering plans of the countries (libphonenumber's metadata), loaded when the first number asks for them. */
import { createRequire } from "node:module";

type Library = typeof import("libphonenumber-js/min");

let library: Library | undefined;

/** Whether a number written with `+` and country code can exist in its country's plan. About 100 µs a call. */
export function isInternationalNumber(text: string): boolean {
  // The package's own types describe what `require` returns.
  library ??= createRequire(import.meta.url)("libphonenumber-js/min") as Library;
  return library.parsePhoneNumberFromString(text)?.isPossible() === true;
}
