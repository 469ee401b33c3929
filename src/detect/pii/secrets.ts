/** Credentials: provider keys by their published prefixes, JWT, private keys, passwords in assignments, random strings. */
import { CONTEXT } from "./context.data.ts";
import { isAlnum, isSpace, type Scan } from "./scan.ts";

/** Prefix forms as their providers publish them (GitHub, GitLab, AWS, Google, Slack, Stripe, OpenAI, Anthropic ...). */
export const KEY_FORMS: readonly { readonly name: string; readonly form: RegExp }[] = [
  { name: "aws", form: /^(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}$/ },
  { name: "github", form: /^(?:gh[pousr]_[A-Za-z0-9]{36,251}|github_pat_[A-Za-z0-9_]{22,244})$/ },
  { name: "gitlab", form: /^gl(?:pat|dt|rt|cbt)-[A-Za-z0-9_-]{20,64}$/ },
  { name: "google", form: /^AIza[A-Za-z0-9_-]{35}$/ },
  { name: "slack", form: /^xox[abeprs]-[A-Za-z0-9-]{10,200}$/ },
  { name: "stripe", form: /^(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{16,128}$/ },
  { name: "llm", form: /^sk-(?:[a-z0-9]{2,10}-){0,3}[A-Za-z0-9_-]{20,200}$/ },
  { name: "npm", form: /^npm_[A-Za-z0-9]{36}$/ },
  { name: "huggingface", form: /^hf_[A-Za-z0-9]{30,40}$/ },
  { name: "sendgrid", form: /^SG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}$/ },
  { name: "shopify", form: /^shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}$/ },
  { name: "digitalocean", form: /^do[opr]_v1_[a-f0-9]{64}$/ },
  { name: "jwt", form: /^eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,4000}(?:\.[A-Za-z0-9_-]{0,1000})?$/ },
];

/** Longest token judged as a key, in characters. */
const MAX_KEY_CHARS = 4096;
/** Bits per character from which on a labelled string counts as random; English text has about 4.1 over 26 letters but repeats. */
const MIN_ENTROPY_BITS = 3.2;

/**
 * Judges the compound token around `[start, end)` as a key; each compound is looked at once.
 * @returns end of the key, or -1
 */
export function checkKey(scan: Scan, start: number, end: number): number {
  if (start < scan.compoundEnd) return -1;
  let from = start;
  while (start - from < 64 && isKeyChar(scan.code(from - 1))) from--;
  let to = end;
  while (
    to - from < MAX_KEY_CHARS &&
    (isKeyChar(scan.code(to)) || (scan.code(to) === 46 && isAlnum(scan.code(to + 1))))
  ) {
    to++;
  }
  scan.compoundEnd = to;
  if (to - from < 16) return -1;
  const token = scan.text.slice(from, to);
  for (const { name, form } of KEY_FORMS) {
    if (!form.test(token)) continue;
    scan.add("SECRET", from, to, 0.95, "key", `prefix:${name}`);
    return to;
  }
  if ((scan.near(from) & CONTEXT.secret) !== 0 && isRandom(token)) {
    scan.add("SECRET", from, to, 0.75, "key", "context:secret", "entropy");
    return to;
  }
  return -1;
}

/**
 * Looks at the sign (`:` or `=`) at `at`: an assignment to something named like a password or key.
 * @returns where the scan goes on, or -1 when it is no such assignment
 */
export function checkAssignment(scan: Scan, at: number): number {
  let nameEnd = at;
  while (
    nameEnd > 0 &&
    at - nameEnd < 3 &&
    (isSpace(scan.code(nameEnd - 1)) || isQuote(scan.code(nameEnd - 1)))
  )
    nameEnd--;
  let nameStart = nameEnd;
  while (nameEnd - nameStart < 32 && isNameChar(scan.code(nameStart - 1))) nameStart--;
  if (nameEnd - nameStart < 3 || !SECRET_NAME.test(scan.text.slice(nameStart, nameEnd))) return -1;
  let start = at + 1;
  while (
    start < at + 4 &&
    (isSpace(scan.code(start)) || scan.code(start) === 62 || scan.code(start) === 61)
  ) {
    if (scan.code(start) === 10) return -1;
    start++;
  }
  const quote = isQuote(scan.code(start)) ? scan.code(start) : 0;
  if (quote !== 0) start++;
  let end = start;
  while (end < scan.text.length && end - start < 512 && !endsValue(scan.code(end), quote)) end++;
  if (quote === 0) while (end > start && isTrailing(scan.code(end - 1))) end--;
  const value = scan.text.slice(start, end);
  if (value.length < 4 || NO_SECRET.test(value)) return -1;
  const isPassword = PASSWORD_NAME.test(scan.text.slice(nameStart, nameEnd));
  if (!isPassword && !(value.length >= 8 && /\d/.test(value))) return -1;
  scan.add(isPassword ? "PASSWORD" : "SECRET", start, end, 0.85, "assignment", "context:secret");
  return end;
}

/**
 * Looks for "password is …" before the token that starts at `start`.
 * @returns end of the password, or -1
 */
export function checkSpokenPassword(scan: Scan, start: number): number {
  if ((scan.near(start) & CONTEXT.secret) === 0) return -1;
  let from = start;
  while (start - from < 64 && !isSpace(scan.code(from - 1)) && scan.code(from - 1) !== 0) from--;
  if (!SPOKEN_PASSWORD.test(scan.text.slice(Math.max(0, from - 32), from))) return -1;
  if (isQuote(scan.code(from))) from++;
  let end = from;
  while (end < scan.text.length && end - from < 128 && !isSpace(scan.code(end)) && !isQuote(scan.code(end)))
    end++;
  while (end > from && (isTrailing(scan.code(end - 1)) || scan.code(end - 1) === 44)) end--;
  if (end - from < 5) return -1;
  scan.add("PASSWORD", from, end, 0.8, "assignment", "context:secret");
  return end;
}

/** How people tell a password. */
export const SPOKEN_PASSWORD =
  /(?:password|passphrase|passcode|passwd|passwort|kennwort|contraseña|senha|wachtwoord) {1,3}(?:is|ist|es|é|to|was) {1,3}$/i;

/** Looks at five hyphens at `at`: a private key block (RFC 7468) up to its end. */
export function checkPrivateKey(scan: Scan, at: number): number {
  if (scan.hasNoKeyEnd || !PRIVATE_KEY_HEAD.test(scan.text.slice(at, at + 48))) return at + 1;
  const foot = scan.text.indexOf("-----END", at + 16);
  const close = foot < 0 ? -1 : scan.text.indexOf("-----", foot + 8);
  if (close < 0) {
    scan.hasNoKeyEnd = true;
    return at + 1;
  }
  scan.add("SECRET", at, close + 5, 0.98, "key", "private-key");
  return close + 5;
}

/** Names that mean a credential, at the end of an identifier. */
export const SECRET_NAME =
  /(?:pass(?:word|wd|phrase|code|wort)?|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|secret[_-]?key|auth[_-]?key|bearer|credentials?|kennwort|contraseña|senha|wachtwoord)$/i;
/** The names among them that may hold any text, not only random strings. */
export const PASSWORD_NAME =
  /(?:pass(?:word|wd|phrase|code|wort)|pwd|kennwort|contraseña|senha|wachtwoord)$/i;
/** What stands in examples where a credential would stand. */
export const NO_SECRET =
  /^(?:\*+|x+|\.+|<.{0,64}>?|\$\{?.{0,64}|\{\{?.{0,64}|\[.{0,64}|null|none|undefined|true|false|your.{0,64}|process\.env.{0,64}|os\.environ.{0,64}|string|required|optional|must|should|is|the|and|please)$/i;
/** Head of a PEM private key. */
export const PRIVATE_KEY_HEAD = /^-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----/;

function isRandom(token: string): boolean {
  if (!/\d/.test(token) || !/[A-Za-z]/.test(token)) return false;
  const counts = new Map<string, number>();
  for (const char of token.slice(0, 128)) counts.set(char, (counts.get(char) ?? 0) + 1);
  const total = Math.min(128, token.length);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / total) * Math.log2(count / total);
  return bits >= MIN_ENTROPY_BITS;
}

function isKeyChar(code: number): boolean {
  return isAlnum(code) || code === 95 || code === 45;
}

function isNameChar(code: number): boolean {
  return isAlnum(code) || code === 95 || code === 45 || code === 0xf1;
}

function isQuote(code: number): boolean {
  return code === 34 || code === 39 || code === 96;
}

function endsValue(code: number, quote: number): boolean {
  return quote !== 0
    ? code === quote || code === 10
    : isSpace(code) || isQuote(code) || code === 44 || code === 59 || code === 38;
}

function isTrailing(code: number): boolean {
  return code === 46 || code === 41 || code === 125 || code === 93 || code === 63;
}
