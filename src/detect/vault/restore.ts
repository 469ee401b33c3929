/** Putting values back, in whole texts and in streams: one implementation, so both give the same text. */
import type { Policy, RestoreOptions, StreamRestorer, Vault } from "../types.ts";
import { LinkTracker } from "./link-tracker.ts";

/**
 * A restorer for one text that arrives in pieces. Only a possible prefix of a placeholder that the vault issued is held
 * back. A value is put back once and never looked at again (no chained replacement).
 * @param restoreIn where the policy allows restoring beyond plain answer text
 */
export function createStreamRestorer(
  vault: Vault,
  restoreIn: Policy["restoreIn"],
  options: RestoreOptions = {},
): StreamRestorer {
  if (vault.size === 0 || (options.channel === "tool" && !restoreIn.toolCalls)) return PASS_THROUGH;
  const tracker = restoreIn.urls ? undefined : new LinkTracker();
  let prefixes: Set<string> | undefined;
  let held = "";

  function pass(text: string, start: number, end: number): string {
    if (tracker !== undefined) tracker.feed(text, start, end);
    return text.slice(start, end);
  }

  function put(placeholder: string, value: string): string {
    const isRefused = tracker?.inside === true && !vault.isAllowedInLink(placeholder, tracker.hash);
    const shown = isRefused ? placeholder : value;
    return pass(shown, 0, shown.length);
  }

  return {
    push(chunk: string): string {
      const text = held === "" ? chunk : held + chunk;
      held = "";
      let out = "";
      let from = 0;
      for (let open = text.indexOf("["); open >= 0; open = text.indexOf("[", from)) {
        out += pass(text, from, open);
        from = open;
        const end = endOfName(text, open + 1, open + vault.longestPlaceholder);
        if (end === text.length) {
          prefixes ??= prefixesOf(vault);
          const rest = text.slice(open);
          if (prefixes.has(rest)) {
            held = rest;
            return out;
          }
        } else if (text.charCodeAt(end) === 93) {
          const placeholder = text.slice(open, end + 1);
          const value = vault.valueOf(placeholder);
          if (value !== undefined) {
            out += put(placeholder, value);
            from = end + 1;
            continue;
          }
        }
        out += pass(text, open, open + 1);
        from = open + 1;
      }
      return out + pass(text, from, text.length);
    },
    flush(): string {
      const rest = held;
      held = "";
      return pass(rest, 0, rest.length);
    },
  };
}

/** What every URL and link target has, or its start; wider than the tracker's rules, never narrower. Linear. */
export const MAY_LINK = /[/\\]|\]\(|www\.|mailto:|\.[^\s.?#]+[?#]/i;
/** Restores whole texts wherever the values stand. */
const EVERYWHERE = { urls: true } as const;

/** Restores a whole text; linear in its length. */
export function restoreText(
  text: string,
  vault: Vault,
  restoreIn: Policy["restoreIn"],
  options?: RestoreOptions,
): string {
  if (vault.size === 0 || text.indexOf("[") < 0) return text;
  if (!restoreIn.urls) {
    // Links are judged on the text as the reader gets it: without any in it no value can stand inside of one.
    const anywhere = createStreamRestorer(vault, { ...restoreIn, ...EVERYWHERE }, options);
    const restored = anywhere.push(text) + anywhere.flush();
    if (restored === text || !MAY_LINK.test(restored)) return restored;
  }
  const restorer = createStreamRestorer(vault, restoreIn, options);
  return restorer.push(text) + restorer.flush();
}

const PASS_THROUGH: StreamRestorer = { push: (chunk) => chunk, flush: () => "" };

/** First index at or after `start` that cannot belong to the name in a placeholder, at most `limit`. */
function endOfName(text: string, start: number, limit: number): number {
  const bound = Math.min(text.length, limit);
  let at = start;
  while (at < bound) {
    const code = text.charCodeAt(at);
    const isName =
      (code >= 48 && code < 58) ||
      (code >= 65 && code < 91) ||
      (code >= 97 && code < 123) ||
      code === 95 ||
      code === 45;
    if (!isName) break;
    at++;
  }
  return at;
}

function prefixesOf(vault: Vault): Set<string> {
  const prefixes = new Set<string>();
  for (const [placeholder] of vault.entries()) {
    for (let length = placeholder.length - 1; length > 0; length--) {
      const prefix = placeholder.slice(0, length);
      if (prefixes.has(prefix)) break;
      prefixes.add(prefix);
    }
  }
  return prefixes;
}
