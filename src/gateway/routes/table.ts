import type { Route } from "../exchange.ts";
import { LOCAL_STEPS, PROXY_STEPS } from "../pipeline.ts";
import { ENDPOINTS, type Endpoint } from "../providers/endpoints.ts";
import { auditBias } from "./bias-audit.ts";
import { health, live, metrics, ready } from "./health.ts";
import { detectInImage } from "./image-detect.ts";
import { detectInjection } from "./injection-detect.ts";
import { detectByVote } from "./multi-model.ts";
import { detectPii } from "./pii-detect.ts";
import { redactPii } from "./pii-redact.ts";
import { rateLimitStatus, status } from "./status.ts";
import { testAgent, testAgents } from "./test-agent.ts";

/** Every route of the gateway with the role it needs. */
export function allRoutes(): readonly Route[] {
  return [
    get("/health", "public", health),
    get("/live", "public", live),
    get("/ready", "public", ready),
    get("/metrics", "monitor", metrics),
    get("/status", "public", status),
    get("/status/health", "public", status),
    get("/ratelimit/status", "caller", rateLimitStatus),
    post("/pii-protection/detect", detectPii),
    post("/pii-protection/batch-detect", detectPii),
    post("/pii-protection/redact", redactPii),
    post("/pii-protection/batch-redact", redactPii),
    post("/prompt-injection/detect", detectInjection),
    post("/prompt-injection/guard-prompt", detectInjection),
    post("/prompt-injection/batch-guard", detectInjection),
    post("/detect-injection", detectInjection),
    post("/bias-fairness/audit", auditBias),
    post("/bias/audit", auditBias),
    post("/test-agent", testAgent),
    post("/batch/test", testAgents),
    post("/multi-model/detect", detectByVote),
    { ...post("/multimodal/detect-image", detectInImage), body: "any" },
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
    body: "none",
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
    body: "json",
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
    body: endpoint.request === undefined ? ("none" as const) : ("json" as const),
  }));
}
