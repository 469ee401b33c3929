/** A value that must not be seen, and every form in which it would count as seen. */
export interface Canary {
  readonly value: string;
  /** Form to its name. */
  readonly forms: ReadonlyMap<string, string>;
}

/** Raw, base64 in its three alignments, base64url, hex, URL-encoded and JSON-escaped forms of a value. */
export function canaryOf(value: string): Canary {
  const forms = new Map<string, string>([[value, "raw"]]);
  const bytes = Buffer.from(value);
  const hex = bytes.toString("hex");
  forms.set(hex, "hex").set(hex.toUpperCase(), "HEX");
  for (let before = 0; before < 3; before += 1) {
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // The characters at both ends depend on what stands beside the value.
    const sure = padded.slice(before === 0 ? 0 : before + 1, -1);
    forms.set(sure, `base64+${before}`);
    forms.set(sure.replaceAll("+", "-").replaceAll("/", "_"), `base64url+${before}`);
  }
  forms.set(encodeURIComponent(value), "url");
  forms.set(
    value.replace(/[^\w.-]/g, (c) => `%${c.charCodeAt(0).toString(16)}`),
    "url lower case",
  );
  forms.set(hex.replace(/../g, "%$&"), "url, every character");
  forms.set(hex.toUpperCase().replace(/../g, "%$&"), "URL, every character");
  const escaped = hex.replace(/../g, "\\u00$&");
  forms.set(escaped, "JSON, every character").set(escaped.replaceAll("\\", "\\\\"), "JSON twice");
  if (!forms.has(JSON.stringify(value).slice(1, -1))) forms.set(JSON.stringify(value).slice(1, -1), "JSON");
  forms.set(
    value.replace(/[^\w]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    "JSON, marks escaped",
  );
  forms.set([...value].reverse().join(""), "reversed");
  return { value, forms };
}

/** Names of the forms in which a canary stands in a text. */
export function seenIn(text: string, canaries: readonly Canary[]): string[] {
  return canaries.flatMap(({ value, forms }) =>
    [...forms].filter(([form]) => text.includes(form)).map(([, name]) => `${value.slice(0, 3)}… ${name}`),
  );
}
