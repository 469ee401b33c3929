import type { Finding, Guard, StreamRestorer, Vault } from "#detect";
import { placeholderName, RampartError } from "#shared";
import { JsonStrings } from "./json-strings.ts";
import { ScannedStream } from "./scanned-stream.ts";

/** What a scan tells about what it finds. */
export interface OutputListener {
  onFinding(type: string, action: "redact" | "block"): void;
  /**
   * The guard itself failed.
   * @returns the guard that reads in its place, null when the text may pass unread
   * @throws RMP_GUARD_FAILED
   */
  onGuardFailure(cause: unknown): Guard | null;
}

/**
 * Looks at what a model writes, before values are put back into it: personal data there is the model's own. Redacts it, or
 * ends the answer, as the policy says for its type.
 */
export class OutputScan {
  /** It has ended the answer. */
  hasBlocked = false;
  private readonly guard: Guard;
  private readonly vault: Vault;
  private readonly listener: OutputListener;
  private readonly mayBlock: boolean;

  /**
   * @param vault of the request: its placeholders are not the model's own
   * @param mayBlock false where there is no answer to end, as in a provider's error: what would end it is redacted
   */
  constructor(guard: Guard, vault: Vault, listener: OutputListener, mayBlock: boolean) {
    this.guard = guard;
    this.vault = vault;
    this.listener = listener;
    this.mayBlock = mayBlock;
  }

  /**
   * The text without the values that the policy redacts in answers.
   * @param isJson the text is JSON and stays it
   * @throws RMP_GUARD_BLOCKED; RMP_GUARD_FAILED when the guard crashes and its fail mode is closed
   */
  whole(text: string, isJson: boolean): string {
    const findings = this.find(text);
    return findings.length === 0
      ? text
      : this.redact(text, 0, text.length, findings, isJson ? new JsonStrings() : null);
  }

  /** The same for a text that comes in pieces; holds back a bounded end of it. */
  stream(isJson: boolean): StreamRestorer {
    return new ScannedStream(this, isJson);
  }

  /** What the policy acts upon in a text, in order, without overlaps. */
  find(text: string): Finding[] {
    if (text.length < MIN_CHARACTERS) return NONE;
    let findings: Finding[];
    try {
      findings = this.guard.inspect(text);
    } catch (error) {
      findings = this.listener.onGuardFailure(error)?.inspect(text) ?? NONE;
    }
    const { output } = this.guard.policy;
    return findings.length === 0
      ? findings
      : findings.filter(
          (finding) => Object.hasOwn(output, finding.type) && !isPlaceholder(text, finding, this.vault),
        );
  }

  /**
   * Part of a text with its findings taken out.
   * @param json the place in JSON text at `from`, moved on to `to`; null for plain text
   * @throws RMP_GUARD_BLOCKED
   */
  redact(
    text: string,
    from: number,
    to: number,
    findings: readonly Finding[],
    json: JsonStrings | null,
  ): string {
    let out = "";
    let at = from;
    for (const { type, start, end } of findings) {
      if (start >= to || end <= at) continue;
      const action = this.mayBlock ? (this.guard.policy.output[type] ?? "redact") : "redact";
      this.listener.onFinding(type, action);
      if (action === "block") {
        this.hasBlocked = true;
        throw new RampartError("RMP_GUARD_BLOCKED", "the answer holds what the policy refuses in answers");
      }
      const before = text.slice(at, start);
      const mark = `[${placeholderName(type)} REDACTED]`;
      json?.feed(before);
      out += before + (json === null ? mark : json.replace(text.slice(Math.max(start, at), end), mark));
      at = end;
    }
    const rest = text.slice(at, Math.max(at, to));
    json?.feed(rest);
    return out + rest;
  }
}

/** Shorter texts hold no value that is looked for (the shortest: a PIN or a security code with its word). */
const MIN_CHARACTERS = 4;
const NONE: Finding[] = [];

/** Whether a finding is (part of) a placeholder that this request issued. */
function isPlaceholder(text: string, { start, end }: Finding, vault: Vault): boolean {
  if (vault.size === 0) return false;
  const open = text.lastIndexOf("[", start);
  const close = text.indexOf("]", Math.max(start, end - 1));
  if (open === -1 || close === -1 || close - open >= vault.longestPlaceholder) return false;
  return vault.valueOf(text.slice(open, close + 1)) !== undefined;
}
