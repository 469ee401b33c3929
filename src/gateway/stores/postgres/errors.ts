import { type ErrorCode, RampartError } from "#shared";

/**
 * SQLSTATE classes that say something about the server, not about the statement: connection, resources, intervention of an
 * operator, system. Source: PostgreSQL, appendix A.
 */
const SERVER_CLASSES = new Set(["08", "53", "57", "58"]);
/** SQLSTATE class of values that a type cannot hold. Source: PostgreSQL, appendix A. */
const DATA_CLASS = "22";
/** `query_canceled`: the statement time-out. Source: PostgreSQL, appendix A. */
const QUERY_CANCELED = "57014";
/** `undefined_table` and `invalid_schema_name`. Source: PostgreSQL, appendix A. */
const MISSING = new Set(["42P01", "3F000"]);

/** What failed at the database, in terms of the catalogue. */
export class DatabaseError extends RampartError {
  private readonly sqlState: string | null;

  constructor(code: ErrorCode, message: string, sqlState: string | null) {
    super(code, message, { field: "postgres.url" });
    this.sqlState = sqlState;
  }

  /** Whether the values of the statement were refused: another try with the same ones would end the same. */
  get isBadData(): boolean {
    return this.sqlState?.startsWith(DATA_CLASS) === true;
  }

  /** Whether a table is not there. */
  get isMissingTable(): boolean {
    return this.sqlState !== null && MISSING.has(this.sqlState);
  }

  /** Whether the server cannot serve anybody, in contrast to a statement that it refuses. */
  get isServerTrouble(): boolean {
    return this.code !== "RMP_STORE_REFUSED";
  }
}

/**
 * The meaning of an error of `pg`. Neither the server's text nor the client's is kept, nor the error itself: they may quote
 * values, and that of a connection its user.
 * @param sqlState five characters when the server answered, else null
 * @param shown the database in a form that may be shown
 */
export function toDatabaseError(cause: unknown, sqlState: string | null, shown: string): DatabaseError {
  const [code, what] = meaning(cause, sqlState);
  return new DatabaseError(code, `PostgreSQL at ${shown} ${what}`, sqlState);
}

/** The pool has no free connection in time. */
export function poolExhausted(maxConnections: number, waitedMs: number): RampartError {
  return new RampartError(
    "RMP_STORE_EXHAUSTED",
    `all ${maxConnections} connections to PostgreSQL were in use for ${waitedMs} ms`,
    { field: "postgres.poolMax" },
  );
}

function meaning(cause: unknown, sqlState: string | null): readonly [ErrorCode, string] {
  if (sqlState === QUERY_CANCELED) return ["RMP_STORE_TIMEOUT", "did not finish a statement in time"];
  if (sqlState !== null)
    return SERVER_CLASSES.has(sqlState.slice(0, 2))
      ? ["RMP_STORE_UNAVAILABLE", `cannot serve now (SQLSTATE ${sqlState})`]
      : ["RMP_STORE_REFUSED", `refused a statement (SQLSTATE ${sqlState})`];
  const { code, message } = cause as NodeJS.ErrnoException; // pg rejects with errors only
  if (code !== undefined) return ["RMP_STORE_UNAVAILABLE", `cannot be reached (${code})`];
  return /time-?out/i.test(message)
    ? ["RMP_STORE_TIMEOUT", "did not answer in time"]
    : ["RMP_STORE_UNAVAILABLE", "ended the connection"];
}
