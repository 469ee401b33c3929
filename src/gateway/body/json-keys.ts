import { RampartError } from "#shared";

/**
 * Number of object keys in a valid JSON text: colons outside strings. Compared with the keys of the parsed value it
 * shows names that stand twice in one object, of which `JSON.parse` keeps the last and other readers maybe the first.
 */
export function countKeys(json: string): number {
  let count = 0;
  let at = 0;
  for (;;) {
    const open = json.indexOf('"', at);
    const end = open === -1 ? json.length : open;
    for (let i = at; i < end; i += 1) if (json.charCodeAt(i) === 58) count += 1;
    if (open === -1) return count;
    at = endOfString(json, open) + 1;
  }
}

/** Index of the quote that ends the string which begins at `open`. */
function endOfString(json: string, open: number): number {
  let at = open + 1;
  for (;;) {
    const close = json.indexOf('"', at);
    if (close === -1) return json.length;
    let backslashes = 0;
    while (json.charCodeAt(close - 1 - backslashes) === 92) backslashes += 1;
    if (backslashes % 2 === 0) return close;
    at = close + 1;
  }
}

/**
 * Number of object keys in a value, at any depth.
 * @param depthLeft levels that may still follow
 * @throws RMP_REQ_TOO_DEEP
 */
export function countOwnKeys(value: unknown, depthLeft: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (depthLeft < 0) throw new RampartError("RMP_REQ_TOO_DEEP", "the body nests too deep");
  let count = Array.isArray(value) ? 0 : Object.keys(value).length;
  for (const item of Object.values(value)) count += countOwnKeys(item, depthLeft - 1);
  return count;
}

/**
 * Gives keys of an object other names. Entries are put back one by one so that their order stays.
 * @param names new names by old ones
 */
export function renameKeys(object: Record<string, unknown>, names: ReadonlyMap<string, string>): void {
  const entries = Object.entries(object);
  for (const [key] of entries) delete object[key];
  for (const [key, value] of entries)
    Object.defineProperty(object, names.get(key) ?? key, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}
