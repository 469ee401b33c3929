/**
 * Knows, character by character, whether a text stands inside a URL or a Markdown link or image target. One pass, no
 * look-ahead, so a stream split anywhere gets the same answers. Judged on the text as the reader will get it.
 */

const SLASH = 47;
const BACKSLASH = 92;
const COLON = 58;
const DOT = 46;
const MAILTO = "mailto";

/** Kinds of characters that matter outside of links. */
const OTHER = 0;
const BREAK = 1;
const ALNUM = 2;
const SPECIAL = 3;
const CLASS = buildClasses();

type Mode = "text" | "url" | "target";

/** Follows one text; feed every character of it, in order. */
export class LinkTracker {
  #mode: Mode = "text";
  #depth = 0;
  #previous = 0;
  #beforePrevious = 0;
  /** Characters of a host-like label since the last dot, -1 before the first dot. */
  #sinceDot = -1;
  #labelLength = 0;
  #www = 0;
  #mailto = 0;
  #hashA = 0;
  #hashB = 0;

  /** Whether the next character would stand inside a URL or a link target. */
  get inside(): boolean {
    return this.#mode !== "text";
  }

  /** A 53-bit hash of the link so far; means something only while {@link inside}. */
  get hash(): number {
    return (this.#hashA >>> 0) * 0x200000 + (this.#hashB >>> 11);
  }

  /** Moves on by `text[start, end)`. */
  feed(text: string, start: number, end: number): void {
    for (let i = start; i < end; i++) this.#step(text.charCodeAt(i));
  }

  #step(code: number): void {
    const kind = code < 128 ? (CLASS[code] ?? OTHER) : isWideSpace(code) ? BREAK : ALNUM;
    if (this.#mode === "text") this.#stepText(code, kind);
    else this.#stepLink(code, kind);
    this.#beforePrevious = this.#previous;
    this.#previous = code;
  }

  #stepLink(code: number, kind: number): void {
    if (this.#mode === "url") {
      if (kind === BREAK) this.#leave();
      else this.#mix(code);
      return;
    }
    if (code === 10 || (code === 41 && this.#depth === 0)) {
      this.#leave();
      return;
    }
    if (code === 40) this.#depth++;
    else if (code === 41) this.#depth--;
    this.#mix(code);
  }

  #stepText(code: number, kind: number): void {
    if (kind === BREAK) {
      this.#leave();
      return;
    }
    this.#mix(code);
    if (kind === ALNUM) {
      this.#labelLength++;
      if (this.#sinceDot >= 0) this.#sinceDot++;
      const lower = code | 32;
      this.#www = lower === 119 ? (this.#labelLength === this.#www + 1 ? this.#www + 1 : 0) : 0;
      this.#mailto = lower === MAILTO.charCodeAt(this.#mailto) ? this.#mailto + 1 : lower === 109 ? 1 : 0;
      return;
    }
    if (kind === SPECIAL && this.#entersLink(code)) return;
    this.#mailto = 0;
    this.#www = 0;
    if (code === DOT) this.#sinceDot = this.#labelLength > 0 ? 0 : -1;
    else if (code !== 45 && code !== COLON) this.#sinceDot = -1;
    this.#labelLength = 0;
  }

  #entersLink(code: number): boolean {
    const isHost = this.#sinceDot > 0;
    const isDoubleSlash =
      (code === SLASH && this.#previous === SLASH) ||
      ((code === SLASH || code === BACKSLASH) &&
        (this.#previous === SLASH || this.#previous === BACKSLASH) &&
        this.#beforePrevious === COLON);
    if (isDoubleSlash || (isHost && (code === SLASH || code === 63 || code === 35))) {
      this.#mode = "url";
      return true;
    }
    if (code === 40 && this.#previous === 93) {
      this.#leave();
      this.#mode = "target";
      return true;
    }
    if ((code === COLON && this.#mailto === MAILTO.length) || (code === DOT && this.#www === 3)) {
      this.#mode = "url";
      return true;
    }
    return false;
  }

  #mix(code: number): void {
    this.#hashA = Math.imul(this.#hashA ^ code, 0x01000193) + 0x9e3779b9;
    this.#hashB = Math.imul(this.#hashB + code + 1, 0x85ebca6b) ^ (this.#hashB >>> 15);
  }

  #leave(): void {
    this.#mode = "text";
    this.#depth = 0;
    this.#sinceDot = -1;
    this.#labelLength = 0;
    this.#www = 0;
    this.#mailto = 0;
    this.#hashA = 0;
    this.#hashB = 0;
  }
}

function isWideSpace(code: number): boolean {
  return (
    code === 0xa0 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x3000
  );
}

function buildClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0; code <= 32; code++) classes[code] = BREAK;
  for (const char of '<>"`') classes[char.charCodeAt(0)] = BREAK;
  for (let code = 48; code < 58; code++) classes[code] = ALNUM;
  for (let code = 65; code < 91; code++) classes[code] = classes[code + 32] = ALNUM;
  for (const char of "/\\(?#:.") classes[char.charCodeAt(0)] = SPECIAL;
  return classes;
}
