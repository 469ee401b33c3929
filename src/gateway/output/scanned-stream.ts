import type { Finding, StreamRestorer } from "#detect";
import { JsonStrings } from "./json-strings.ts";

/** What is done with the text in the window. */
export interface WindowScan {
  find(text: string): readonly Finding[];
  redact(
    text: string,
    from: number,
    to: number,
    findings: readonly Finding[],
    json: JsonStrings | null,
  ): string;
}

/** Characters that are let go at a time. */
const STEP = 64;
/** Characters after them that have to be known: longer than addresses, numbers and names with their words of context. */
const AHEAD = 128;
/** Characters before them that are kept as context. */
const BEHIND = 128;
/** Most characters that are held while one value does not end: longer than keys and tokens in use. */
const MAX_AHEAD = 4_096;

/**
 * Scans a text that comes in pieces through a window that moves over it. Where the window stands depends on the text alone,
 * so any cutting into pieces gives the same. Each character is looked at (BEHIND + STEP + AHEAD) / STEP times, 5 by default.
 */
export class ScannedStream implements StreamRestorer {
  private readonly scan: WindowScan;
  private readonly json: JsonStrings | null;
  /** Context that has been let go, and after it what is held. */
  private text = "";
  /** Where the held text begins. */
  private at = 0;
  private ahead = AHEAD;

  constructor(scan: WindowScan, isJson: boolean) {
    this.scan = scan;
    this.json = isJson ? new JsonStrings() : null;
  }

  push(chunk: string): string {
    this.text += chunk;
    let out = "";
    while (this.text.length - this.at >= STEP + this.ahead) out += this.step(false);
    return out;
  }

  flush(): string {
    let out = "";
    while (this.at < this.text.length) out += this.step(true);
    this.text = "";
    this.at = 0;
    return out;
  }

  /** Lets the next characters go, or looks further ahead when a value may not have ended. */
  private step(isEnd: boolean): string {
    const { at } = this;
    const windowEnd = Math.min(this.text.length, at + STEP + this.ahead);
    const isLast = isEnd && windowEnd === this.text.length;
    const window = this.text.slice(0, windowEnd);
    const findings = this.scan.find(window);
    let to = isLast ? windowEnd : Math.min(windowEnd, at + STEP);
    for (const { start, end } of findings) if (start < to && end > to) to = end;
    if (!isLast && this.ahead < MAX_AHEAD && (to === windowEnd || UNBROKEN.test(window.slice(to - 1)))) {
      this.ahead *= 2;
      return "";
    }
    // Half a surrogate pair is no character.
    if (!isLast && isHighSurrogate(window.charCodeAt(to - 1))) to -= 1;
    this.ahead = AHEAD;
    const out = this.scan.redact(window, at, to, findings, this.json);
    const behind = Math.max(0, to - BEHIND);
    this.text = this.text.slice(behind);
    this.at = to - behind;
    return out;
  }
}

/** Keys and tokens are long runs of such characters; texts in scripts without spaces are not. */
const UNBROKEN = /^[\x21-\x7e]+$/;

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code < 0xdc00;
}
