import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import {
  KEYS,
  type ListedRoute,
  listRoutes,
  type RawProvider,
  startGuarded,
  startRawProvider,
} from "./guarded-gateway.ts";

const PUBLIC = ["/docs", "/health", "/live", "/openapi.json", "/ready", "/status", "/status/health"];
const MONITOR = ["/metrics"];

let provider: RawProvider;
let gateway: Gateway;
let url: string;
let routes: ListedRoute[];

beforeAll(async () => {
  provider = await startRawProvider();
  gateway = await startGuarded(provider.url);
  url = gateway.address?.url ?? "";
  // The document does not list itself and its page.
  routes = [
    ...(await listRoutes(url)),
    { method: "GET", path: "/docs" },
    { method: "GET", path: "/openapi.json" },
  ];
});

afterAll(async () => {
  await gateway?.close();
  provider?.close();
});

async function statusOf({ method, path }: ListedRoute, headers: Record<string, string>): Promise<number> {
  const body = method === "POST" ? { body: '{"messages":[],"text":"x"}' } : {};
  const answer = await fetch(url + path, { method, headers, ...body });
  await answer.arrayBuffer();
  return answer.status;
}

/** The role that a route needs; whatever is not named here needs a caller's or an admin's key. */
function neededBy({ path }: ListedRoute): "public" | "monitor" | "caller" | "admin" {
  if (PUBLIC.includes(path)) return "public";
  if (path.startsWith("/admin/")) return "admin";
  return MONITOR.includes(path) ? "monitor" : "caller";
}

describe("every route of the gateway", () => {
  it("is there to be tested", () => {
    expect(routes.length).toBeGreaterThanOrEqual(42);
    for (const path of PUBLIC) expect(routes.map((route) => route.path)).toContain(path);
  });

  it("answers nobody without a key but the public pages", async () => {
    provider.forget();
    for (const route of routes) {
      const status = await statusOf(route, {});
      if (neededBy(route) === "public") expect(status, route.path).toBe(200);
      else expect(status, route.path).toBe(401);
    }
    expect(provider.received()).toBe("");
  });

  it("takes no wrong key, wherever it stands", async () => {
    provider.forget();
    const sent: Record<string, string>[] = [
      { "x-api-key": "wrong" },
      { authorization: "Bearer wrong" },
      { "x-rampart-key": "wrong" },
      { authorization: `Basic ${KEYS.admin}`, cookie: `x-api-key=${KEYS.admin}` },
      { "x-customer-id": "the-admin", "x-user-id": "the-admin", "x-forwarded-for": "127.0.0.1" },
    ];
    for (const route of routes.filter((one) => neededBy(one) !== "public"))
      for (const headers of sent) expect(await statusOf(route, headers), route.path).toBe(401);
    expect(provider.received()).toBe("");
  });

  it("answers the roles that may use it and no other", async () => {
    for (const route of routes) {
      const needed = neededBy(route);
      if (needed === "public") continue;
      for (const role of ["caller", "monitor", "admin"] as const) {
        const status = await statusOf(route, { "x-api-key": KEYS[role] });
        const isAllowed = role === "admin" || role === needed;
        if (isAllowed) expect([401, 403], `${role} ${route.path}`).not.toContain(status);
        else expect(status, `${role} ${route.path}`).toBe(403);
      }
    }
  });

  it("takes no key from the query string", async () => {
    for (const name of ["key", "api_key", "x-api-key", "token"])
      expect((await fetch(`${url}/metrics?${name}=${KEYS.admin}`)).status).toBe(401);
  });
});
