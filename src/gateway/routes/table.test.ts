import { describe, expect, it } from "vitest";
import type { Role } from "../exchange.ts";
import { createRouter } from "../router.ts";
import { allRoutes } from "./table.ts";

/** Every path and the role it needs. A route that is not listed here fails the test: think about its role first. */
const ROLES: Readonly<Record<Role, readonly string[]>> = {
  public: [
    "GET /docs",
    "GET /openapi.json",
    "GET /health",
    "GET /live",
    "GET /ready",
    "GET /status",
    "GET /status/health",
  ],
  monitor: ["GET /metrics"],
  caller: [
    "GET /ratelimit/status",
    "POST /batch/test",
    "POST /bias-fairness/audit",
    "POST /bias/audit",
    "POST /detect-injection",
    "POST /multi-model/detect",
    "POST /multimodal/detect-image",
    "POST /pii-protection/batch-detect",
    "POST /pii-protection/batch-redact",
    "POST /pii-protection/detect",
    "POST /pii-protection/redact",
    "POST /prompt-injection/batch-guard",
    "POST /prompt-injection/detect",
    "POST /prompt-injection/guard-prompt",
    "POST /test-agent",
    "GET /anthropic/v1/models",
    "GET /anthropic/v1/models/*",
    "GET /openai/v1/models",
    "GET /openai/v1/models/*",
    "GET /v1/models",
    "GET /v1/models/*",
    "POST /anthropic/v1/messages",
    "POST /anthropic/v1/messages/count_tokens",
    "POST /openai/v1/chat/completions",
    "POST /openai/v1/completions",
    "POST /openai/v1/embeddings",
    "POST /openai/v1/moderations",
    "POST /openai/v1/responses",
    "POST /v1/chat/completions",
    "POST /v1/completions",
    "POST /v1/embeddings",
    "POST /v1/messages",
    "POST /v1/messages/count_tokens",
    "POST /v1/moderations",
    "POST /v1/responses",
  ],
  admin: ["POST /admin/reload"],
};

describe("the table of routes", () => {
  it("gives every route the role it needs, and has no other route", () => {
    const actual = allRoutes().map(({ method, path, role }) => `${role} ${method} ${path}`);
    const expected = Object.entries(ROLES).flatMap(([role, paths]) => paths.map((path) => `${role} ${path}`));
    expect(actual.toSorted()).toEqual(expected.toSorted());
  });

  it("has no path twice", () => {
    const paths = allRoutes().map(({ method, path }) => `${method} ${path}`);
    expect(new Set(paths).size).toBe(paths.length);
  });

  it("finds identifiers at the end of a path and nothing that leads elsewhere", () => {
    const router = createRouter(allRoutes());
    expect(router.find("GET", "/v1/models/gpt-4o:ft-1").suffix).toBe("gpt-4o:ft-1");
    for (const path of [
      "/v1/models/",
      "/v1/models/a/b",
      "/v1/models/..",
      "/v1/models/%2e%2e",
      "//v1/models",
      "/v1/models?x",
      "/V1/models",
    ])
      expect(() => router.find("GET", path), path).toThrow(
        expect.objectContaining({ code: "RMP_ROUTE_NOT_FOUND" }),
      );
    expect(() => router.find("PUT", "/v1/models")).toThrow(
      expect.objectContaining({ code: "RMP_ROUTE_METHOD", field: "GET" }),
    );
  });
});
