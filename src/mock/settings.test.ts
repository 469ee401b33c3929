import { describe, expect, it } from "vitest";
import { changeSettings, DEFAULT_MOCK_SETTINGS } from "./settings.ts";

describe("changeSettings", () => {
  it("changes what is named and leaves the rest", () => {
    const changed = changeSettings(DEFAULT_MOCK_SETTINGS, { ttftMs: 12.5, chunking: "random" });
    expect(changed).toEqual({ ...DEFAULT_MOCK_SETTINGS, ttftMs: 12.5, chunking: "random" });
  });

  it.each([
    ["seed", 1.5],
    ["ttftMs", -1],
    ["ttftMs", Number.NaN],
    ["ttftMs", "12"],
    ["tokensPerSec", Number.POSITIVE_INFINITY],
    ["errorRate", 1.01],
    ["errorStatus", 200],
    ["chunking", "words"],
    ["chunkBytes", 0],
    ["fault", "explode"],
    ["recordLimit", 0],
    ["answer", null],
    ["errorBurstLength", 3],
    ["unknownField", 1],
    ["__proto__x", 1],
    ["constructor", 1],
  ])("refuses %s = %s and names the field", (field, value) => {
    expect(() => changeSettings(DEFAULT_MOCK_SETTINGS, { [field]: value })).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID", field }),
    );
  });

  it.each([null, [], "x", 5])("refuses %j as a whole", (change) => {
    expect(() => changeSettings(DEFAULT_MOCK_SETTINGS, change)).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID" }),
    );
  });

  it("refuses settings of the whole mock for one request", () => {
    expect(() => changeSettings(DEFAULT_MOCK_SETTINGS, { recordLimit: 5 }, "request")).toThrow(
      expect.objectContaining({ code: "RMP_CONFIG_INVALID", field: "recordLimit" }),
    );
  });
});
