/** Allow and deny lists of a policy. */
import type { Finding, Recogniser } from "../types.ts";

/** Whether a value is on the allow list (without case, without surrounding white space), O(1); undefined without a list. */
export function createAllowList(values: readonly string[]): ((value: string) => boolean) | undefined {
  if (values.length === 0) return undefined;
  const allowed = new Set(values.map(fold));
  return (value) => allowed.has(fold(value));
}

/** A recogniser of the denied values at word boundaries, or none for an empty list. Linear per value in the text. */
export function createDenyList(values: readonly string[]): Recogniser[] {
  const denied = values.map((value) => value.trim().toLowerCase()).filter((value) => value !== "");
  if (denied.length === 0) return [];
  return [
    {
      name: "deny-list",
      types: ["CUSTOM"],
      find(text) {
        // Lower-casing may change the length (İ); then positions would not fit, so such texts are folded by character.
        const lower = text.toLowerCase();
        const folded = lower.length === text.length ? lower : foldKeepingLength(text);
        const findings: Finding[] = [];
        for (const value of denied) findEach(folded, value, findings);
        return findings;
      },
    },
  ];
}

function findEach(folded: string, value: string, findings: Finding[]): void {
  for (let at = folded.indexOf(value); at >= 0; at = folded.indexOf(value, at + value.length)) {
    const end = at + value.length;
    const isBounded =
      !(isWord(folded, at - 1) && isWord(folded, at)) && !(isWord(folded, end - 1) && isWord(folded, end));
    if (isBounded) {
      findings.push({
        type: "CUSTOM",
        start: at,
        end,
        score: 1,
        source: "deny-list",
        evidence: ["deny-list"],
      });
    }
  }
}

const WORD = /[\p{L}\p{N}_]/u;

function isWord(text: string, at: number): boolean {
  return at >= 0 && at < text.length && WORD.test(text.charAt(at));
}

function fold(value: string): string {
  return value.trim().toLowerCase();
}

function foldKeepingLength(text: string): string {
  let folded = "";
  for (let i = 0; i < text.length; i++) {
    const lower = text.charAt(i).toLowerCase();
    folded += lower.length === 1 ? lower : text.charAt(i);
  }
  return folded;
}
