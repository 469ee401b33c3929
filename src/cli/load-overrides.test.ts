import { describe, expect, it } from "vitest";
import type { LoadOptions } from "./load-options.ts";
import { classSettingsOf, overridesOf } from "./load-overrides.ts";
import { webSocketLoad } from "./load-websocket.ts";
import { withoutProcesses } from "./load-workers.ts";
import { createProgram } from "./main.ts";

/** Options as the command line gives them to `rampart load`. */
function parse(...flags: string[]): LoadOptions {
  const load = createProgram().commands.find((command) => command.name() === "load");
  if (load === undefined) throw new Error("no command load");
  load.parseOptions(flags);
  return load.opts<LoadOptions>();
}

describe("overridesOf", () => {
  it("takes the flags that change a scenario", () => {
    const flags = [
      "--http2",
      "--csv-full-history",
      "--wait",
      "seed",
      "--profile",
      "nightly",
      "-T",
      "a b",
      "c",
    ];
    const overrides = overridesOf(parse(...flags), ["Caller"]);
    expect(overrides).toMatchObject({
      http2: true,
      fullHistory: true,
      tags: ["a", "b", "c"],
      userClasses: ["Caller"],
      notes: ["profile: nightly", "waits of the first seed's load file (--wait seed)"],
    });
  });

  it("changes nothing without flags", () => {
    expect(overridesOf(parse(), [])).toEqual({ settings: {} });
  });
});

describe("classSettingsOf", () => {
  it("reads Locust's objects and lists", () => {
    const text =
      '[{"user_class_name":"A","fixed_count":2},{"user_class_name":"B","weight":3,"host":"http://h"}]';
    expect(classSettingsOf([text, '{"user_class_name":"C"}'])).toEqual({
      A: { fixedCount: 2 },
      B: { weight: 3, host: "http://h" },
      C: {},
    });
  });

  it.each(["{", "absent.json", "[1]", '{"weight":1}', '{"user_class_name":"A","weight":-1}'])(
    "refuses %s",
    (text) => {
      expect(() => classSettingsOf([text])).toThrow(expect.objectContaining({ code: "RMP_CLI_USAGE" }));
    },
  );
});

describe("webSocketLoad", () => {
  it("is a run over connections to the address", () => {
    const options = parse(
      "--url",
      "wss://h:1/p?q=1",
      "--connections",
      "7",
      "--duration",
      "9s",
      "--echo-every",
      "2s",
    );
    expect(webSocketLoad(options, overridesOf(options, []))?.overrides).toMatchObject({
      host: "https://h:1",
      users: 7,
      runTimeSec: 9,
      settings: { url: "wss://h:1/p?q=1", echoMs: "2000" },
    });
    expect(webSocketLoad(parse(), {})).toBeNull();
  });

  it.each([["http://h/"], ["ws:///x"], ["nothing"]])("refuses %s", (url) => {
    expect(() => webSocketLoad(parse("--url", url), {})).toThrow(expect.objectContaining({ field: "url" }));
  });

  it("says beforehand that there are too few descriptors", () => {
    const options = parse("--url", "ws://h/", "--connections", "2000000000");
    expect(() => webSocketLoad(options, {})).toThrow(/file descriptors/);
  });
});

describe("withoutProcesses", () => {
  it("leaves everything else", () => {
    expect(withoutProcesses(["load", "--processes", "4", "-f", "x", "--processes=2", "--worker"])).toEqual([
      "load",
      "-f",
      "x",
      "--worker",
    ]);
  });
});
