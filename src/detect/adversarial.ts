/** Inputs that drive one recogniser each into its worst case; the linearity test and the benchmark share them. */

/** A seed that is repeated to the wanted length. */
export interface AdversarialInput {
  /** What it is aimed at. */
  readonly name: string;
  readonly unit: string;
  /** Put once before the repetition. */
  readonly head?: string;
}

/** One input or more per recogniser. */
export const ADVERSARIAL_INPUTS: readonly AdversarialInput[] = [
  { name: "e-mail: local parts", unit: "a." },
  { name: "e-mail: at signs", unit: "a@" },
  { name: "e-mail: domains", unit: "a@b.c-" },
  { name: "e-mail: spelled out", unit: "a at a dot " },
  { name: "e-mail: brackets", unit: "a[at]a" },
  { name: "url: schemes", unit: "http://" },
  { name: "url: parentheses", unit: "http://a.de/((" },
  { name: "url: one long path", unit: "a.b/", head: "https://x.org/" },
  { name: "domain: labels", unit: "ab.com." },
  { name: "digits: one run", unit: "1" },
  { name: "digits: groups", unit: "1234 " },
  { name: "phone: national", unit: "05321234567 " },
  { name: "digits: single digits", unit: "1 " },
  { name: "digits: hyphens", unit: "1-" },
  { name: "digits: dots", unit: "1." },
  { name: "digits: parentheses", unit: "(1) " },
  { name: "card: cards that fail", unit: "4111 1111 1111 1112 " },
  { name: "phone: plus signs", unit: "+1" },
  { name: "phone: international", unit: "+9991234567 " },
  { name: "phone: numbers", unit: "call 555-123-4567x1 " },
  { name: "date: years", unit: "2024-01-" },
  { name: "date: months", unit: "5 May " },
  { name: "iban: heads", unit: "DE89 " },
  { name: "iban: long", unit: "DE89A1" },
  { name: "ip: colons", unit: ":" },
  { name: "ip: groups", unit: "1:2::" },
  { name: "mac: hyphens", unit: "AA-BB-" },
  { name: "codes: mixed tokens", unit: "a1-" },
  { name: "codes: one mixed token", unit: "a1" },
  { name: "keys: prefixes", unit: "sk-a1" },
  { name: "keys: JWT", unit: "eyJa1." },
  { name: "keys: private key heads", unit: "-----BEGIN PRIVATE KEY-----" },
  { name: "assignments", unit: "password=" },
  { name: "assignments: spoken", unit: "password is a1 " },
  { name: "track: heads", unit: "%B4111111111111111^" },
  { name: "images: heads", unit: "data:image/png;base64,A" },
  { name: "person: titles", unit: "Dr. " },
  { name: "person: introductions", unit: "My name is A " },
  { name: "person: capitals", unit: "A" },
  { name: "context words", unit: "account number " },
  { name: "labels", unit: "ID: A1-" },
  { name: "normaliser: zero width", unit: "a\u200b1" },
  { name: "normaliser: full width", unit: "\uff11\uff12 " },
  { name: "normaliser: mixed scripts", unit: "a\u0430" },
  { name: "placeholders", unit: "[EMAIL_1" },
  { name: "placeholders: whole", unit: "[A_1]" },
  { name: "brackets", unit: "[" },
  { name: "white space", unit: " " },
  { name: "line breaks", unit: "\n" },
  { name: "address: house numbers", unit: "12 Main St, " },
  { name: "address: capitalised words", unit: "Main Oak " },
  { name: "national: groups", unit: "AB 12 34 56 C " },
];

/** An input of exactly `chars` UTF-16 units. */
export function adversarialText(input: AdversarialInput, chars: number): string {
  const head = input.head ?? "";
  return (head + input.unit.repeat(Math.ceil((chars - head.length) / input.unit.length))).slice(0, chars);
}
