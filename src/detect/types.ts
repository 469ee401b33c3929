/** What every part of the detection library speaks: findings, policies, vaults, detectors. Types only. */
import type { EntityType } from "#contract";

/** One thing found in a text. Offsets are UTF-16 code units into the original text, `end` exclusive. */
export interface Finding {
  readonly type: EntityType;
  readonly start: number;
  readonly end: number;
  /** Confidence in [0, 1]. */
  readonly score: number;
  /** Name of the recogniser or model that found it. */
  readonly source: string;
  /** Why, in the field's words: `luhn`, `context:phone`, `mod97`, `tagger`. Never the text itself. */
  readonly evidence: readonly string[];
}

/** Finds entities of one or more types in a text. Linear in the length of the text. */
export interface Recogniser {
  readonly name: string;
  /** Every type this recogniser can emit. */
  readonly types: readonly EntityType[];
  /** All candidates with their score, in any order, overlaps allowed; thresholds are applied by the caller. */
  find(text: string): Finding[];
}

/** What becomes of a found value. `placeholder` and `encrypt` can be reversed. */
export type OperatorKind = "placeholder" | "mask" | "hash" | "encrypt" | "synthetic" | "drop" | "keep";

/** How one entity type is treated by a policy. */
export interface EntityRule {
  readonly operator: OperatorKind;
  /** Findings below this score are ignored, [0, 1]. */
  readonly threshold: number;
  /** Name inside the placeholder, when the policy renames it. */
  readonly placeholder?: string;
  /** For `mask`: characters kept at the start and the end. */
  readonly keepFirst?: number;
  readonly keepLast?: number;
}

/** A set of rules: which entities are looked for and what becomes of them. Loaded from `policies/*.yaml`. */
export interface Policy {
  readonly name: string;
  readonly description: string;
  /** Only the types named here are looked for. */
  readonly entities: Readonly<Record<EntityType, EntityRule>>;
  /** Values never treated as findings (compared without case). */
  readonly allow: readonly string[];
  /** Values always treated as findings of type CUSTOM (compared without case, at word boundaries). */
  readonly deny: readonly string[];
  /** Where placeholders are restored beyond plain answer text. */
  readonly restoreIn: { readonly urls: boolean; readonly toolCalls: boolean };
  /** Customer-supplied patterns in RE2 syntax. */
  readonly patterns: readonly {
    readonly name: EntityType;
    readonly pattern: string;
    readonly score: number;
  }[];
  /** Injection guard: what happens from which score on. */
  readonly injection: { readonly action: "off" | "flag" | "block"; readonly threshold: number };
  /** What becomes of values that a model writes of its own accord, by entity type; types that are not named pass. */
  readonly output: Readonly<Record<EntityType, OutputAction>>;
  /** Pictures in requests: passed unread, read and refused for what they hold, or refused unread. */
  readonly images: "skip" | "inspect" | "block";
}

/** What becomes of a value in an answer: taken out, or the answer is ended there. */
export type OutputAction = "redact" | "block";

/** The result of replacing values in one text. */
export interface Anonymised {
  readonly text: string;
  /** The findings that were acted on, offsets into the text before replacement. */
  readonly findings: readonly Finding[];
}

/**
 * The mapping between values and placeholders of one request (or one conversation). Belongs to one tenant and one
 * session; a placeholder it did not issue is plain text to it.
 */
export interface Vault {
  /** Marks every literal look-alike (`[EMAIL_1]`) in `text` as taken, so that it is never issued nor restored. */
  reserve(text: string): void;
  /** The placeholder for a value: the same one for the same type and value, else the next free number. */
  placeholderFor(type: EntityType, value: string, name?: string): string;
  /** The value behind a placeholder this vault issued, else undefined. */
  valueOf(placeholder: string): string | undefined;
  readonly tenant: string;
  readonly session: string;
  /** Issues a placeholder of the caller's making (an encrypted value); false when the text was reserved before. */
  issue(placeholder: string, value: string): boolean;
  /** Every placeholder issued so far with its value, in order of issue. */
  entries(): IterableIterator<readonly [placeholder: string, value: string]>;
  /** Remembers that `placeholder` replaced text inside a URL or link target whose start hashes to `prefixHash`. */
  allowInLink(placeholder: string, prefixHash: number): void;
  /** Whether `placeholder` stood behind the same start of a URL or link target in what was sent. */
  isAllowedInLink(placeholder: string, prefixHash: number): boolean;
  /** Number of placeholders issued. */
  readonly size: number;
  /** Length in UTF-16 units of the longest placeholder issued; bounds what a stream may hold back. */
  readonly longestPlaceholder: number;
}

/** Restores placeholders in a text that arrives in pieces; `push` + `flush` give the same text for any chunking. */
export interface StreamRestorer {
  /** Text that is safe to pass on now; holds back only what could be the start of a placeholder. */
  push(chunk: string): string;
  /** What was held back; call once at the end of the text. */
  flush(): string;
}

/** Level of an injection score: safe < 0.2 <= low < 0.5 <= medium < 0.7 <= high < 0.9 <= critical. */
export type RiskLevel = "safe" | "low" | "medium" | "high" | "critical";

/** Kinds of prompt injection. */
export type InjectionType =
  | "override"
  | "role_play"
  | "prompt_leak"
  | "delimiter"
  | "encoding"
  | "indirect"
  | "exfiltration";

/** Judgement of one text. */
export interface InjectionResult {
  /** In [0, 1], calibrated so that the shipped threshold is 0.5. */
  readonly score: number;
  readonly isInjection: boolean;
  readonly level: RiskLevel;
  readonly types: readonly InjectionType[];
  /** What was seen where, offsets into the original text. */
  readonly segments: readonly {
    readonly start: number;
    readonly end: number;
    readonly type: InjectionType;
    /** Name of the rule or model pass. */
    readonly rule: string;
    readonly score: number;
  }[];
}

/** Judges texts for prompt injection. */
export interface InjectionDetector {
  inspect(text: string): InjectionResult;
}

/** Where a text goes after restoring: plain answer text, or the arguments of a tool call. */
export type RestoreChannel = "text" | "tool";

/** How a text is restored. */
export interface RestoreOptions {
  /** Default `text`. In `tool` nothing is restored unless the policy's `restoreIn.toolCalls` allows it. */
  readonly channel?: RestoreChannel;
}

/** Loaders of what needs weights or tables; each is called at most once, when it is first needed. */
export interface GuardModels {
  /** The prompt-injection detector behind {@link Guard.detectInjection}. */
  readonly injection?: () => InjectionDetector;
  /** Names, places and organisations: the trained tagger with its gazetteers. */
  readonly names?: () => Recogniser;
  /** Street addresses. */
  readonly address?: () => Recogniser;
  /** National identifiers; `types` are those that the policy names, all when left out. */
  readonly national?: (types?: readonly EntityType[]) => Recogniser;
}

/** Keys of the operators `hash`, `encrypt` and `synthetic`; each belongs to one tenant. */
export interface OperatorKeys {
  /** Secret of the tenant, at least 16 bytes; needed when the policy hashes, encrypts or synthesises. */
  readonly tenantKey?: Uint8Array;
}

/** What {@link Guard} is made of. */
export interface GuardOptions extends OperatorKeys {
  /** Default: the shipped `default_pii`. */
  readonly policy?: Policy;
  readonly models?: GuardModels;
  /** Recognisers beside the built-in ones. */
  readonly recognisers?: readonly Recogniser[];
}

/** Whom a vault belongs to. */
export interface VaultOptions {
  /** Default: the empty tenant. */
  readonly tenant?: string;
  /** Default: the empty session (one request). */
  readonly session?: string;
}

/** A JSON value. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** The result of replacing values in the leaves of a JSON value. */
export interface AnonymisedJson {
  readonly value: JsonValue;
  /** The findings that were acted on; offsets into the leaf at `path`. */
  readonly findings: readonly (Finding & { readonly path: readonly (string | number)[] })[];
}

/** Detection, replacement and restoring under one policy. Stateless but for lazily loaded models. */
export interface Guard {
  readonly policy: Policy;
  /** Findings above their thresholds, overlaps resolved, in order, inside the text. Linear in the text. */
  inspect(text: string): Finding[];
  /** Every candidate of every entity type with its score, thresholds and overlaps not applied; for evaluation. */
  candidates(text: string): Finding[];
  /** Every type that any recogniser can find, whether the policy names it or not, sorted. Loads the models. */
  entityTypes(): readonly EntityType[];
  createVault(options?: VaultOptions): Vault;
  /** Replaces findings; without a vault a new one is made. */
  anonymise(text: string, vault?: Vault): Anonymised & { readonly vault: Vault };
  /**
   * The same for many texts of one request: look-alikes of all texts are reserved before anything is replaced.
   * @param inspected parallel to the texts: what {@link Guard.inspect} finds there, where that is known already
   */
  anonymiseAll(
    texts: readonly string[],
    vault: Vault,
    inspected?: readonly (Pick<Anonymised, "findings"> | undefined)[],
  ): Anonymised[];
  /** Replaces findings in the string leaves of a JSON value; keys stay. */
  anonymiseJson(value: JsonValue, vault: Vault): AnonymisedJson;
  /** Puts values back where the vault issued the placeholder and the policy allows the place. */
  restore(text: string, vault: Vault, options?: RestoreOptions): string;
  restoreAll(texts: readonly string[], vault: Vault, options?: RestoreOptions): string[];
  restoreJson(value: JsonValue, vault: Vault, options?: RestoreOptions): JsonValue;
  /** The same for a text that comes in pieces. */
  restoreStream(vault: Vault, options?: RestoreOptions): StreamRestorer;
  /** Judges a text with the injection detector handed in; `RMP_BACKEND_UNAVAILABLE` without one. */
  detectInjection(text: string): InjectionResult;
}
