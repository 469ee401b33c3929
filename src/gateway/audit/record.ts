import type { ErrorCode } from "#shared";

/** Version of the records' shape; fields are only added. */
export const AUDIT_VERSION = 1;

/** What stands for the hash before the first record of a log: 64 zeros. */
export const GENESIS = "0".repeat(64);

/** What became of a request. */
export const AUDIT_ACTIONS = ["passed", "anonymised", "blocked", "refused", "failed"] as const;
/**
 * What became of a request: `passed` unchanged, `anonymised` sent on with placeholders, `blocked` by a guard's judgement,
 * `refused` by the gateway for another reason of the client's, `failed` for a reason of gateway, provider or connection.
 */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** The judgement of the injection guard. */
export interface AuditInjection {
  /** In [0, 1], three digits. */
  readonly score: number;
  readonly level: string;
  readonly types: readonly string[];
}

/** One finished exchange: facts only, never text, values, keys or headers. */
export interface ExchangeRecord {
  readonly kind: "exchange";
  /**
   * Null when the client chose an identifier that is neither the gateway's own nor a UUID, ULID or trace id: it could be
   * anything, a name too.
   */
  readonly requestId: string | null;
  /** Null when the request belongs to nobody. */
  readonly tenant: string | null;
  /** Name of the customer in the configuration; null on an open gateway. */
  readonly customer: string | null;
  readonly role: string;
  readonly route: string;
  readonly provider: string | null;
  /** Only of requests that the provider served: a name it does not know could be anything. */
  readonly model: string | null;
  readonly status: number;
  readonly action: AuditAction;
  /** Number of findings by entity type. */
  readonly findingsByType: Readonly<Record<string, number>>;
  readonly injection: AuditInjection | null;
  /** Guards that ran to their end. */
  readonly guards: readonly string[];
  /** A guard failed, and the request passed without it (`open`) or with less (`degrade`), or was refused (`closed`). */
  readonly failMode: "none" | "open" | "degrade" | "closed";
  readonly errorCode: ErrorCode | null;
  readonly durationMs: number;
}

/** What the log says about itself. */
export type NoticeRecord =
  /** First record of every file: its own name, the file before it, and which log this is. */
  | {
      readonly kind: "file";
      readonly log: string;
      readonly file: string;
      readonly previous: string | null;
    }
  /** A gateway began to write. */
  | { readonly kind: "opened"; readonly version: string }
  /** A gateway ended in good order; everything it was told stands before this. */
  | { readonly kind: "closed" }
  /** A record that a crash left half written was cut off the end of a file. */
  | { readonly kind: "cut"; readonly file: string; readonly bytes: number }
  /** The last record before this one could not be read: the chain begins anew here. */
  | { readonly kind: "broken"; readonly file: string }
  /** Exchanges that were not recorded because the queue was full. */
  | { readonly kind: "dropped"; readonly count: number }
  /** The oldest file was removed to keep the bound on size. `lastHash` is the hash of its last record. */
  | {
      readonly kind: "removed";
      readonly file: string;
      readonly lastSeq: number;
      readonly lastHash: string;
    };

/** What a record says, without its place in the chain. */
export type AuditContent = ExchangeRecord | NoticeRecord;

/** A record as it stands in the file. */
export type AuditRecord = {
  readonly v: number;
  /** Place in the log, from 1, without gaps. */
  readonly seq: number;
  /** Milliseconds since the Unix epoch. */
  readonly ts: number;
  /** Hash of the record before, {@link GENESIS} for the first. */
  readonly prev: string;
  readonly hash: string;
} & AuditContent;
