import { describe, expect, it } from "vitest";
import { postgresSettings } from "./postgres-settings.ts";

describe("the environment's settings of PostgreSQL", () => {
  it("are those that are there, in the units of the configuration", () => {
    expect(postgresSettings({})).toEqual({});
    expect(postgresSettings({ DATABASE_URL: "", DATABASE_POOL_MAX: "" })).toEqual({});
    expect(
      postgresSettings({
        DATABASE_URL: "postgresql://one/db",
        DATABASE_READ_URL: "postgresql://two/db",
        DATABASE_SCHEMA: "guard",
        DATABASE_POOL_MIN: "2",
        DATABASE_POOL_MAX: "15",
        DATABASE_CONNECTION_LIFETIME: "1800",
      }),
    ).toEqual({
      url: "postgresql://one/db",
      readUrl: "postgresql://two/db",
      schema: "guard",
      poolMin: 2,
      poolMax: 15,
      connectionLifetimeMs: 1_800_000,
    });
  });

  it.each(["many", "-1", "1.5", "99999999999"])("names the variable that holds %s", (text) => {
    expect(() => postgresSettings({ DATABASE_POOL_MAX: text })).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID", field: "DATABASE_POOL_MAX" }),
    );
  });
});
