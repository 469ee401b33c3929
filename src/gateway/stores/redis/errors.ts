import { RampartError } from "#shared";

/** Answers of a server that cannot serve anybody now, in contrast to a wrong command. Source: Redis, error prefixes. */
const SERVER_TROUBLE = new Set([
  "LOADING",
  "READONLY",
  "OOM",
  "MISCONF",
  "MASTERDOWN",
  "CLUSTERDOWN",
  "NOREPLICAS",
  "TRYAGAIN",
  "BUSY",
  "NOAUTH",
  "WRONGPASS",
  "NOPERM",
]);

/** The first word of an error reply. */
const ERROR_WORD = /^([A-Z]{2,24})(?= |$)/;

/** An error of a command, and whether it says something about the server. */
export interface CommandFailure {
  readonly error: RampartError;
  /** Whether it counts towards the circuit. */
  readonly isServerTrouble: boolean;
  /** First word of the server's error reply (`NOSCRIPT`), empty for others. */
  readonly word: string;
}

/**
 * What a rejected command means; a time-out of the connection's own stays as it is. Neither the server's text nor the client library's error is kept: both may quote the
 * arguments.
 */
export function toCommandFailure(cause: unknown): CommandFailure {
  if (cause instanceof RampartError) return { error: cause, isServerTrouble: true, word: "" };
  const isReply = cause instanceof Error && cause.name === "ReplyError";
  if (!isReply)
    return { error: unavailable("the connection to Redis is lost"), isServerTrouble: true, word: "" };
  const word = ERROR_WORD.exec(cause.message)?.[1] ?? "ERR";
  return {
    error: new RampartError("RMP_STORE_REFUSED", `Redis refused a command (${word})`),
    isServerTrouble: SERVER_TROUBLE.has(word),
    word,
  };
}

/** Redis cannot be asked now. */
export function unavailable(message: string): RampartError {
  return new RampartError("RMP_STORE_UNAVAILABLE", message, { field: "redis.url" });
}
