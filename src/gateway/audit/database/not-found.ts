import { RampartError } from "#shared";
import { DatabaseError } from "../../stores/postgres/errors.ts";

/** Throws the error, or that there is no log when its tables are not there. @throws RMP_AUDIT_NOT_FOUND */
export function orNotFound(error: unknown): never {
  if (!(error instanceof DatabaseError && error.isMissingTable)) throw error;
  throw new RampartError("RMP_AUDIT_NOT_FOUND", "there is no audit log in the database", {
    cause: error,
    field: "postgres.schema",
  });
}
