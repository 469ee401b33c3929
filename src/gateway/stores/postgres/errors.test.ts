import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { databaseAddress } from "./address.ts";
import { toDatabaseError } from "./errors.ts";

const withCode = (code: string) => Object.assign(new Error("connect failed for secret-user"), { code });

describe("errors of PostgreSQL", () => {
  it.each([
    [new Error("Query read timeout"), null, "RMP_STORE_TIMEOUT", true, false],
    [new Error("timeout exceeded when trying to connect"), null, "RMP_STORE_TIMEOUT", true, false],
    [new Error("Connection terminated unexpectedly"), null, "RMP_STORE_UNAVAILABLE", true, false],
    [withCode("ECONNREFUSED"), null, "RMP_STORE_UNAVAILABLE", true, false],
    [new Error("canceling statement"), "57014", "RMP_STORE_TIMEOUT", true, false],
    [new Error("the database system is starting up"), "57P03", "RMP_STORE_UNAVAILABLE", true, false],
    [new Error("too many connections"), "53300", "RMP_STORE_UNAVAILABLE", true, false],
    [new Error("password authentication failed"), "28P01", "RMP_STORE_REFUSED", false, false],
    [new Error("unsupported Unicode escape"), "22P05", "RMP_STORE_REFUSED", false, true],
  ] as const)("%s (%s) is %s", (cause, sqlState, code, isServerTrouble, isBadData) => {
    const error = toDatabaseError(cause, sqlState, "db.example:5432/audit");
    expect(error).toMatchObject({ code, isServerTrouble, isBadData });
    expect(error.message).toContain("db.example:5432/audit");
    expect(error.message).not.toContain("secret");
  });
});

describe("the address of a database", () => {
  it.each([
    ["postgresql://db.example/audit", "db.example:5432/audit"],
    ["postgres://u:p@db.example:6543/a%20b?sslmode=require", "db.example:6543/a b"],
    ["postgresql://[::1]/", "[::1]:5432/(default)"],
    ["postgresql:///audit?host=/run/postgresql", "local socket/audit"],
  ])("of %s is shown as %s", (url, shown) => {
    expect(databaseAddress(url, "DATABASE_URL").shown).toBe(shown);
  });

  it("never shows user, password or options", () => {
    const word = fc.stringMatching(/^[a-z]{8,20}$/);
    fc.assert(
      fc.property(word, word, word, (user, password, option) => {
        const { shown } = databaseAddress(`postgresql://${user}:${password}@h/d?x=${option}`, "DATABASE_URL");
        expect(shown).toBe("h:5432/d");
      }),
    );
  });

  it("is refused without being quoted", () => {
    for (const url of ["secret-word", "mysql://secret-word", "postgresql://secret word:x@"])
      expect(() => databaseAddress(url, "DATABASE_URL")).toThrow(
        expect.objectContaining({
          code: "RMP_CONFIG_INVALID",
          message: expect.not.stringContaining("secret"),
        }),
      );
  });
});
