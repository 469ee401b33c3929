import type { Guard, RestoreChannel, RestoreOptions, Vault } from "#detect";
import type { OutputScan } from "../output/output-scan.ts";
import { FREE, type Shape } from "../providers/shape.ts";
import { escapingVault } from "./escaping-vault.ts";

/** Options objects are made once: they are handed in for every leaf. */
const OPTIONS: Readonly<Record<RestoreChannel, RestoreOptions>> = {
  text: { channel: "text" },
  tool: { channel: "tool" },
};

/**
 * Puts values back into a parsed answer, in place. Linear in the answer; at most `maxDepth` levels are entered.
 * @param scan looks at every text first; with it, token texts are left out: they would repeat what it takes out
 * @returns whether anything changed
 * @throws RMP_GUARD_BLOCKED, RMP_GUARD_FAILED
 */
export function restoreAnswer(
  answer: unknown,
  shape: Shape,
  guard: Guard,
  vault: Vault,
  maxDepth: number,
  scan: OutputScan | null = null,
): boolean {
  const walk = new AnswerWalk(guard, vault, maxDepth, scan);
  walk.value(answer, shape, "text", [answer], 0, 0);
  return walk.isChanged;
}

class AnswerWalk {
  isChanged = false;
  private readonly guard: Guard;
  private readonly vault: Vault;
  private readonly maxDepth: number;
  private readonly scan: OutputScan | null;
  private escaping: Vault | null = null;

  constructor(guard: Guard, vault: Vault, maxDepth: number, scan: OutputScan | null) {
    this.guard = guard;
    this.vault = vault;
    this.maxDepth = maxDepth;
    this.scan = scan;
  }

  value(
    value: unknown,
    shape: Shape,
    outerChannel: RestoreChannel,
    holder: Record<string, unknown> | unknown[],
    key: string | number,
    depth: number,
  ): void {
    const channel = shape.tool === true ? "tool" : outerChannel;
    if (typeof value === "string") {
      const restored = this.text(value, shape, channel);
      if (restored !== value) {
        // A container is indexed by the kind of key it was met with.
        (holder as Record<string | number, unknown>)[key] = restored;
        this.isChanged = true;
      }
      return;
    }
    if (typeof value !== "object" || value === null || shape.string === "data" || depth > this.maxDepth)
      return;
    if (Array.isArray(value)) {
      if (shape.tokenTexts !== undefined) this.tokens(value, shape.tokenTexts);
      else
        for (let i = 0; i < value.length; i += 1)
          this.value(value[i], shape.array ?? FREE, channel, value, i, depth + 1);
      return;
    }
    const object = value as Record<string, unknown>; // not null, no array
    const fields = shape.fields;
    for (const name in object)
      this.value(object[name], fields?.[name] ?? FREE, channel, object, name, depth + 1);
  }

  private text(written: string, shape: Shape, channel: RestoreChannel): string {
    const kind = shape.string;
    if (kind === "name" || kind === "data") return written;
    const text = this.scan === null ? written : this.scan.whole(written, kind === "json");
    // Every placeholder begins with a bracket.
    if (!text.includes("[")) return text;
    if (kind !== "json") return this.guard.restore(text, this.vault, OPTIONS[channel]);
    this.escaping ??= escapingVault(this.vault);
    return this.guard.restore(text, this.escaping, OPTIONS[channel]);
  }

  /** Token texts are pieces of one text: a value takes the place of the last piece of its placeholder. */
  private tokens(items: unknown[], field: string): void {
    if (this.scan !== null) {
      this.isChanged ||= items.length > 0;
      items.length = 0;
      return;
    }
    const stream = this.guard.restoreStream(this.vault, OPTIONS.text);
    let last = -1;
    for (let i = 0; i < items.length; i += 1) {
      const text = tokenAt(items, i, field);
      if (text === undefined) continue;
      this.setToken(items, i, field, text, stream.push(text));
      last = i;
    }
    const rest = stream.flush();
    if (rest !== "" && last !== -1) {
      const text = tokenAt(items, last, field) ?? "";
      this.setToken(items, last, field, text, text + rest);
    }
  }

  private setToken(items: unknown[], index: number, field: string, before: string, after: string): void {
    if (before === after) return;
    this.isChanged = true;
    if (field === "") {
      items[index] = after;
      return;
    }
    const item = items[index] as Record<string, unknown>; // tokenAt found the field in it
    item[field] = after;
    if (Array.isArray(item["bytes"])) item["bytes"] = [...Buffer.from(after, "utf8")];
  }
}

function tokenAt(items: readonly unknown[], index: number, field: string): string | undefined {
  const item = items[index];
  if (field === "") return typeof item === "string" ? item : undefined;
  if (typeof item !== "object" || item === null) return undefined;
  const text = (item as Record<string, unknown>)[field];
  return typeof text === "string" ? text : undefined;
}
