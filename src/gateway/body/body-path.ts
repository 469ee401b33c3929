/** Keys that cannot hold personal data worth replacing; others are text. */
export const PLAIN_KEY: RegExp = /^[A-Za-z_$][\w$.-]{0,63}$/;

/**
 * The way to a place in a body, `messages.0.content`; keys that could hold content are not printed.
 * @param path keys and indices from the root on; what is beyond `depth` is left over from other places
 * @param depth index of the last step
 */
export function pathText(path: readonly (string | number)[], depth: number): string {
  return path
    .slice(0, depth + 1)
    .map((step) => (typeof step === "number" || PLAIN_KEY.test(step) ? step : "*"))
    .join(".");
}
