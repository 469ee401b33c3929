import { describe, expect, it } from "vitest";
import type { RunOptions } from "#load";
import { createRunSession } from "./run-session.ts";

/** Starts one run and tells what the engine would have been asked for. */
function startedWith(
  options: Partial<Parameters<typeof createRunSession>[0]>,
  request: object,
): RunOptions["overrides"] {
  let asked: RunOptions | undefined;
  const session = createRunSession({
    resultsDirectory: "results",
    reportsDirectory: "reports",
    epochMs: () => 0,
    start: (given) => {
      asked = given;
      throw new Error("not run");
    },
    ...options,
  });
  expect(() => session.start({ path: "x.ts", request: { scenario: "x", ...request } })).toThrow("not run");
  return asked?.overrides;
}

describe("a run of the page", () => {
  it("is changed by the command line's flags, and by what its start asks for before them", () => {
    const overrides = {
      users: 10,
      processes: 2,
      thresholds: { a: ["p(95)<1"] },
      settings: { a: "1", b: "2" },
    };
    expect(
      startedWith({ overrides, settings: { a: "0", c: "3" } }, { users: 5, settings: { b: "9" } }),
    ).toEqual({
      users: 5,
      processes: 2,
      thresholds: { a: ["p(95)<1"] },
      settings: { a: "1", b: "9", c: "3" },
    });
  });

  it("has the settings alone when nothing else is given", () => {
    expect(startedWith({}, { users: 3 })).toEqual({ users: 3, settings: {} });
  });
});
