import type { TSchema } from "typebox";
import {
  BatchTestRequestSchema,
  BiasAuditRequestSchema,
  ImageDetectRequestSchema,
  InjectionDetectRequestSchema,
  MultiModelRequestSchema,
  PiiDetectRequestSchema,
  PiiRedactRequestSchema,
  TestAgentRequestSchema,
} from "#contract";
import type { Route } from "../exchange.ts";
import { LOCAL_STEPS, PROXY_STEPS } from "../pipeline.ts";
import { ENDPOINTS, type Endpoint } from "../providers/endpoints.ts";
import { auditBias } from "./bias-audit.ts";
import { compressed } from "./compressed.ts";
import { apiPage, openApi } from "./docs.ts";
import { health, live, metrics, ready } from "./health.ts";
import { detectInImage } from "./image-detect.ts";
import { detectInjection } from "./injection-detect.ts";
import { detectByVote } from "./multi-model.ts";
import { openApiDocument } from "./openapi.ts";
import { detectPii } from "./pii-detect.ts";
import { redactPii } from "./pii-redact.ts";
import { rateLimitStatus } from "./rate-limit-status.ts";
import { reloadConfiguration } from "./reload.ts";
import { status } from "./status.ts";
import { testAgent, testAgents } from "./test-agent.ts";

type Handle = NonNullable<Route["handle"]>;

/** Every route of the gateway with the role it needs. */
export function allRoutes(): readonly Route[] {
  const served = [...localRoutes(), ...ENDPOINTS.flatMap(proxyRoutes)];
  const document = once((version: string) => openApiDocument(served, version));
  return [
    ...served,
    get(
      "/openapi.json",
      "public",
      "This API as an OpenAPI 3.1 document",
      compressed((exchange) => openApi(exchange, document)),
    ),
    get(
      "/docs",
      "public",
      "This API as a page to read",
      compressed((exchange) => apiPage(exchange, document)),
    ),
  ];
}

function localRoutes(): Route[] {
  return [
    get("/health", "public", "Whether the gateway and its parts are healthy", health),
    get("/live", "public", "Whether the process answers", live),
    get("/ready", "public", "Whether requests are taken; 503 from the start of shutdown", ready),
    get("/status", "public", "One word for the whole and one for each part", status),
    get("/status/health", "public", "The same as `/status`", status),
    get(
      "/metrics",
      "monitor",
      "Figures as JSON, or as Prometheus text by the Accept header",
      compressed(metrics),
    ),
    {
      ...get(
        "/admin/reload",
        "admin",
        "Read the configured file again; all processes change, or none",
        reloadConfiguration,
      ),
      method: "POST",
    },
    get("/ratelimit/status", "caller", "What is left of the caller's limits", rateLimitStatus),
    ...aliases(
      ["/pii-protection/detect", "/pii-protection/batch-detect"],
      "Find personal data; values are answered only when asked for",
      PiiDetectRequestSchema,
      detectPii,
    ),
    ...aliases(
      ["/pii-protection/redact", "/pii-protection/batch-redact"],
      "Take personal data out of a text",
      PiiRedactRequestSchema,
      redactPii,
    ),
    ...aliases(
      [
        "/prompt-injection/detect",
        "/prompt-injection/guard-prompt",
        "/prompt-injection/batch-guard",
        "/detect-injection",
      ],
      "Judge prompts for injection",
      InjectionDetectRequestSchema,
      detectInjection,
    ),
    ...aliases(
      ["/bias-fairness/audit", "/bias/audit"],
      "Audit a text for bias, and labelled decisions for fairness",
      BiasAuditRequestSchema,
      auditBias,
    ),
    ...aliases(
      ["/test-agent"],
      "Check an answer against its ground truth",
      TestAgentRequestSchema,
      testAgent,
    ),
    ...aliases(
      ["/batch/test"],
      "Check several answers against their ground truths",
      BatchTestRequestSchema,
      testAgents,
    ),
    ...aliases(
      ["/multi-model/detect"],
      "Hold a vote of all configured judges",
      MultiModelRequestSchema,
      detectByVote,
    ),
    ...aliases(
      ["/multimodal/detect-image"],
      "Assess what a picture carries; JSON or multipart form",
      ImageDetectRequestSchema,
      detectInImage,
    ).map((route): Route => ({ ...route, body: "any" })),
  ];
}

function get(path: string, role: Route["role"], summary: string, handle: Handle): Route {
  return {
    method: "GET",
    path,
    name: path,
    role,
    errors: "rampart",
    steps: LOCAL_STEPS,
    summary,
    handle,
    body: "none",
  };
}

/** The same operation under several paths. */
function aliases(paths: readonly string[], summary: string, schema: TSchema, handle: Handle): Route[] {
  return paths.map((path) => ({
    method: "POST",
    path,
    name: path,
    role: "caller",
    errors: "rampart",
    steps: LOCAL_STEPS,
    summary,
    schema,
    handle,
    body: "json",
  }));
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
    summary: `${endpoint.provider === "openai" ? "OpenAI" : "Anthropic"}'s ${endpoint.path}, guarded`,
    endpoint,
    body: endpoint.request === undefined ? "none" : "json",
  }));
}

function once<A, T>(make: (argument: A) => T): (argument: A) => T {
  let made: { readonly value: T } | undefined;
  return (argument) => {
    made ??= { value: make(argument) };
    return made.value;
  };
}
