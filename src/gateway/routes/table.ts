import type { Route } from "../exchange.ts";
import { LOCAL_STEPS, PROXY_STEPS } from "../pipeline.ts";
import { ENDPOINTS, type Endpoint } from "../providers/endpoints.ts";
import { health, live, metrics, ready } from "./health.ts";
import { detectInjection } from "./injection-detect.ts";
import { detectPii } from "./pii-detect.ts";

/** Every route of the gateway with the role it needs. */
export function allRoutes(): readonly Route[] {
  return [
    get("/health", "public", health),
    get("/live", "public", live),
    get("/ready", "public", ready),
    get("/metrics", "monitor", metrics),
    post("/pii-protection/detect", detectPii),
    post("/prompt-injection/detect", detectInjection),
    post("/prompt-injection/guard-prompt", detectInjection),
    ...ENDPOINTS.flatMap(proxyRoutes),
  ];
}

function get(path: string, role: Route["role"], handle: NonNullable<Route["handle"]>): Route {
  return {
    method: "GET",
    path,
    name: path,
    role,
    errors: "rampart",
    steps: LOCAL_STEPS,
    handle,
    hasBody: false,
  };
}

function post(path: string, handle: NonNullable<Route["handle"]>): Route {
  return {
    method: "POST",
    path,
    name: path,
    role: "caller",
    errors: "rampart",
    steps: LOCAL_STEPS,
    handle,
    hasBody: true,
  };
}

/** The provider's own path below `/openai` or `/anthropic`, and the alias below `/v1`; models are OpenAI's there. */
function proxyRoutes(endpoint: Endpoint): Route[] {
  const paths = [`/${endpoint.provider}${endpoint.path}`];
  const isShared = endpoint.path.startsWith("/v1/models");
  if (!isShared || endpoint.provider === "openai") paths.push(endpoint.path);
  return paths.map((path) => ({
    method: endpoint.method,
    path,
    name: path,
    role: "caller",
    errors: endpoint.provider,
    steps: PROXY_STEPS,
    endpoint,
    hasBody: endpoint.request !== undefined,
  }));
}
