import { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addLoadCommand } from "../commands/load.ts";

async function refusal(...args: string[]): Promise<unknown> {
  const program = new Command().exitOverride();
  addLoadCommand(program);
  return program.parseAsync(["load", ...args], { from: "user" }).catch((error: unknown) => error);
}

describe("rampart load", () => {
  it("refuses --otel and says what to use instead", async () => {
    expect(await refusal("light", "--otel")).toMatchObject({
      code: "RMP_CLI_USAGE",
      field: "otel",
      message: expect.stringContaining("telemetry.url"),
    });
  });

  it("takes -f - only as a worker", async () => {
    expect(await refusal("-f", "-", "--headless")).toMatchObject({
      code: "RMP_CLI_USAGE",
      message: expect.stringContaining("--worker"),
    });
  });
});
