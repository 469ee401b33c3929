import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GatewayConfigSchema } from "#contract";
import { GATEWAY_ENVIRONMENT } from "./environment.data.ts";

/** The files that read the gateway's environment. */
const READERS = [
  "gateway-settings.ts",
  "redis-settings.ts",
  "postgres-settings.ts",
  "cache-settings.ts",
  "commands/servers.ts",
];
/** Variables of the other processes that these files start. */
const OTHERS = new Set(["RAMPART_MOCK_PORT", "RAMPART_MOCK_URL", "RAMPART_LAB_PORT", "RAMPART_GATEWAY_URL"]);

describe("the table of environment variables", () => {
  const read = new Set(
    READERS.flatMap((file) =>
      [
        ...readFileSync(join(import.meta.dirname, file), "utf8").matchAll(
          /\b(?:OPENAI|ANTHROPIC|REDIS|DATABASE|CACHE|OTEL|MAX|RAMPART)_[A-Z_]*[A-Z]\b(?=["'\s,}`)\]])/g,
        ),
      ].map(([name]) => name),
    ),
  );

  it("names what is read and nothing else", () => {
    const named = GATEWAY_ENVIRONMENT.map(({ name }) => name);
    expect([...read].filter((name) => !OTHERS.has(name)).toSorted()).toEqual(named.toSorted());
  });

  it("leads to keys that there are", () => {
    for (const { key } of GATEWAY_ENVIRONMENT.filter(({ key: name }) => !name.startsWith("--"))) {
      let node: { readonly properties?: Readonly<Record<string, object>> } | undefined = GatewayConfigSchema;
      for (const part of key.split(".")) node = node?.properties?.[part];
      expect(node, key).toBeDefined();
    }
  });
});
