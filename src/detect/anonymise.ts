/** Replacing findings in texts and in the leaves of JSON values. */

import { deriveTenantKeys, type TenantKeys } from "./operators/keyed.ts";
import { replacementFor } from "./operators/replace.ts";
import type { Anonymised, AnonymisedJson, Finding, JsonValue, OperatorKeys, Policy, Vault } from "./types.ts";
import { LinkTracker } from "./vault/link-tracker.ts";
import { PLACEHOLDER_PATTERN } from "./vault/vault.ts";

/** Entity type of a literal look-alike of a placeholder that the vault issued earlier in the conversation. */
const LITERAL = "LITERAL";
/** Where a text could hold a link at all; one class per alternative, linear. */
const MAY_HOLD_LINK = /[/\\]|\]\(|www\.|mailto:/i;

/** What an inspection found in a text. */
type Inspected = Pick<Anonymised, "findings">;

/** Replaces findings under one policy. */
export interface Anonymiser {
  /**
   * Look-alikes of all texts are reserved before the first replacement. Linear in the texts.
   * @param inspected parallel to the texts: findings that are known already
   */
  all(texts: readonly string[], vault: Vault, inspected?: readonly (Inspected | undefined)[]): Anonymised[];
  json(value: JsonValue, vault: Vault): AnonymisedJson;
}

/** An anonymiser that acts on what `inspect` finds. */
export function createAnonymiser(
  policy: Policy,
  inspect: (text: string) => Finding[],
  options: OperatorKeys,
): Anonymiser {
  let derived: TenantKeys | undefined;
  const keys = () => (derived ??= deriveTenantKeys(options.tenantKey));

  function one(text: string, vault: Vault, inspected?: Inspected): Anonymised {
    const findings = inspected?.findings ?? inspect(text);
    const acted = findings.filter((finding) => policy.entities[finding.type]?.operator !== "keep");
    const literals = issuedLookAlikes(text, vault, acted);
    if (literals.length > 0) {
      acted.push(...literals);
      acted.sort((a, b) => a.start - b.start);
    }
    if (acted.length === 0) return { text, findings: acted };
    const tracker = MAY_HOLD_LINK.test(text) ? new LinkTracker() : undefined;
    let out = "";
    let from = 0;
    for (const finding of acted) {
      const value = text.slice(finding.start, finding.end);
      tracker?.feed(text, from, finding.start);
      out += text.slice(from, finding.start);
      const rule = policy.entities[finding.type] ?? PLACEHOLDER_RULE;
      const { text: replacement, isReversible } = replacementFor(finding.type, value, rule, vault, keys);
      if (tracker !== undefined) {
        if (isReversible && tracker.inside) vault.allowInLink(replacement, tracker.hash);
        if (isReversible) tracker.feed(value, 0, value.length);
        else tracker.feed(replacement, 0, replacement.length);
      }
      out += replacement;
      from = finding.end;
    }
    const replaced = literals.length > 0 ? acted.filter((finding) => finding.type !== LITERAL) : acted;
    return { text: out + text.slice(from), findings: replaced };
  }

  function all(
    texts: readonly string[],
    vault: Vault,
    inspected?: readonly (Inspected | undefined)[],
  ): Anonymised[] {
    for (const text of texts) vault.reserve(text);
    return texts.map((text, i) => one(text, vault, inspected?.[i]));
  }

  return {
    all,
    json(value, vault) {
      const leaves: { text: string; path: readonly (string | number)[] }[] = [];
      visitStrings(value, [], (text, path) => leaves.push({ text, path }));
      const done = all(
        leaves.map((leaf) => leaf.text),
        vault,
      );
      let next = 0;
      const findings = done.flatMap((result, index) =>
        result.findings.map((finding) => ({ ...finding, path: leaves[index]?.path ?? [] })),
      );
      return { value: mapStrings(value, (text) => done[next++]?.text ?? text), findings };
    },
  };
}

const PLACEHOLDER_RULE = { operator: "placeholder", threshold: 0 } as const;

/** The same JSON value with every string leaf passed through `change`; keys stay as they are. */
export function mapStrings(value: JsonValue, change: (text: string) => string): JsonValue {
  if (typeof value === "string") return change(value);
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map((entry) => mapStrings(entry, change));
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapStrings(entry, change)]));
}

function visitStrings(
  value: JsonValue,
  path: readonly (string | number)[],
  visit: (text: string, path: readonly (string | number)[]) => void,
): void {
  if (typeof value === "string") visit(value, path);
  else if (typeof value === "object" && value !== null) {
    const entries = isList(value) ? value.entries() : Object.entries(value);
    for (const [key, entry] of entries) visitStrings(entry, [...path, key], visit);
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Look-alikes in the text that this vault issued before: they get a placeholder of their own, so both come back right. */
function issuedLookAlikes(text: string, vault: Vault, acted: readonly Finding[]): Finding[] {
  if (vault.size === 0 || text.indexOf("[") < 0) return [];
  const literals: Finding[] = [];
  let next = 0;
  for (const match of text.matchAll(PLACEHOLDER_PATTERN)) {
    if (vault.valueOf(match[0]) === undefined) continue;
    const start = match.index;
    const end = start + match[0].length;
    while (next < acted.length && acted[next]!.end <= start) next++;
    const following = acted[next];
    if (following !== undefined && following.start < end) continue;
    literals.push({ type: LITERAL, start, end, score: 1, source: "vault", evidence: ["look-alike"] });
  }
  return literals;
}
