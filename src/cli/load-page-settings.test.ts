import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pageSettingsOf } from "./load-page-settings.ts";

describe("pageSettingsOf", () => {
  it("changes nothing without flags, whatever the environment holds", () => {
    expect(pageSettingsOf({}, { RAMPART_WEB_LOGIN: "a:b" })).toEqual({});
  });

  it("reads certificate and key, and wants both", () => {
    const folder = mkdtempSync(join(tmpdir(), "rampart-page-"));
    const [tlsCert, tlsKey] = [join(folder, "cert.pem"), join(folder, "key.pem")];
    writeFileSync(tlsCert, "cert");
    writeFileSync(tlsKey, "key");
    expect(pageSettingsOf({ tlsCert, tlsKey, webBasePath: "/x", classPicker: true }, {})).toEqual({
      tls: { cert: "cert", key: "key" },
      basePath: "/x",
      picksClasses: true,
    });
    rmSync(folder, { recursive: true });
    expect(() => pageSettingsOf({ tlsCert }, {})).toThrow(/both/);
    expect(() => pageSettingsOf({ tlsKey }, {})).toThrow(/both/);
    expect(() => pageSettingsOf({ tlsCert, tlsKey }, {})).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_NOT_FOUND" }),
    );
  });

  it("refuses a login without user and password, and never says what they are", () => {
    expect(pageSettingsOf({ webLogin: true }, { RAMPART_WEB_LOGIN: "ann:a:b" })).toEqual({
      login: "ann:a:b",
    });
    for (const value of [undefined, "", "secret", ":secret", "secret:"])
      expect(() => pageSettingsOf({ webLogin: true }, { RAMPART_WEB_LOGIN: value })).toThrow(
        expect.objectContaining({
          code: "RMP_CLI_USAGE",
          message: expect.not.stringContaining("secret"),
        }),
      );
  });
});
