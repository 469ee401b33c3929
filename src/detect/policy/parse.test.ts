import { describe, expect, it } from "vitest";
import { parsePolicy } from "./parse.ts";

const minimal = { name: "x", entities: { EMAIL_ADDRESS: "placeholder" } };

describe("parsePolicy", () => {
  it("fills in what may be left out", () => {
    expect(parsePolicy(minimal)).toEqual({
      name: "x",
      description: "",
      entities: { EMAIL_ADDRESS: { operator: "placeholder", threshold: 0.5 } },
      allow: [],
      deny: [],
      restoreIn: { urls: false, toolCalls: false },
      patterns: [],
      injection: { action: "flag", threshold: 0.5 },
      output: {},
      images: "skip",
    });
  });

  it("spreads one output action over what is not kept", () => {
    const entities = { EMAIL_ADDRESS: "mask", URL: "keep" };
    expect(parsePolicy({ name: "x", entities, output: "block" }).output).toEqual({ EMAIL_ADDRESS: "block" });
    expect(parsePolicy({ name: "x", entities, output: { URL: "redact" } }).output).toEqual({ URL: "redact" });
    expect(parsePolicy({ name: "x", entities, output: "off" }).output).toEqual({});
  });

  it.each([
    ["policy", null],
    ["policy", []],
    ["name", { entities: {} }],
    ["entities", { name: "x" }],
    ["entitys", { ...minimal, entitys: {} }],
    ["entities.email", { name: "x", entities: { email: "placeholder" } }],
    ["entities.A", { name: "x", entities: { A: "burn" } }],
    ["entities.A.operator", { name: "x", entities: { A: { operator: 1 } } }],
    ["entities.A.treshold", { name: "x", entities: { A: { treshold: 1 } } }],
    ["entities.A.threshold", { name: "x", entities: { A: { threshold: 1.1 } } }],
    ["entities.A.threshold", { name: "x", entities: { A: { threshold: Number.NaN } } }],
    ["entities.A.placeholder", { name: "x", entities: { A: { placeholder: "x]" } } }],
    ["entities.A.keepLast", { name: "x", entities: { A: { keepLast: -1 } } }],
    ["allow[0]", { ...minimal, allow: [1] }],
    ["deny", { ...minimal, deny: "x" }],
    ["restoreIn.urls", { ...minimal, restoreIn: { urls: "no" } }],
    ["patterns[0].name", { ...minimal, patterns: [{ name: "low", pattern: "x" }] }],
    ["patterns[0].pattern", { ...minimal, patterns: [{ name: "A" }] }],
    ["output", { ...minimal, output: "mask" }],
    ["output", { ...minimal, output: [] }],
    ["output.PERSON", { ...minimal, output: { PERSON: "redact" } }],
    ["output.EMAIL_ADDRESS", { ...minimal, output: { EMAIL_ADDRESS: "off" } }],
    ["images", { ...minimal, images: true }],
    ["injection.action", { ...minimal, injection: { action: "shout" } }],
  ])("names the key %s", (field, value) => {
    expect(() => parsePolicy(value)).toThrowError(
      expect.objectContaining({ code: "RMP_DETECT_POLICY_INVALID", field }),
    );
  });
});
