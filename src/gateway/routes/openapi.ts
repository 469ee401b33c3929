import type { Route } from "../exchange.ts";

/** An OpenAPI document, as far as the page reads it. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: object;
}

/** One operation of the document. */
export interface OpenApiOperation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly requestBody?: object;
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, object>>;
}

const TAGS: Readonly<Record<Route["role"], string>> = {
  public: "state",
  monitor: "monitor",
  caller: "detection",
  admin: "admin",
};

/** Builds the OpenAPI 3.1 document from the routes and from the schemas that validate their bodies. */
export function openApiDocument(routes: readonly Route[], version: string): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const path = route.path.replace(/\*$/, "{id}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Rampart gateway",
      version,
      description:
        "A guard for LLM traffic. Provider routes take the provider's own bodies; which field is guarded how stands in docs/coverage.md.",
    },
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "apiKey", in: "header", name: "X-API-Key" },
        bearer: { type: "http", scheme: "bearer" },
        rampartKey: { type: "apiKey", in: "header", name: "X-Rampart-Key" },
      },
      schemas: { Error: ERROR_SCHEMA },
    },
  };
}

const ERROR_SCHEMA = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "hint", "request_id"],
      properties: {
        code: { type: "string", description: "stable, such as RMP_REQ_INVALID" },
        message: { type: "string" },
        field: { type: "string", description: "the field the error is about" },
        hint: { type: "string", description: "what to do about it" },
        request_id: { type: "string" },
      },
    },
  },
};

function operation(route: Route): OpenApiOperation {
  const { endpoint } = route;
  const isProxy = endpoint !== undefined;
  const schema = route.schema ?? {
    type: "object",
    description: `the provider's own body of ${endpoint?.path}`,
  };
  return {
    summary: route.summary,
    tags: [isProxy ? endpoint.provider : TAGS[route.role]],
    ...(route.body === "none"
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              "application/json": { schema },
              ...(route.body === "any" ? { "multipart/form-data": { schema } } : {}),
            },
          },
        }),
    security:
      route.role === "public"
        ? []
        : isProxy
          ? [{ rampartKey: [] }, { bearer: [] }, { apiKey: [] }]
          : [{ apiKey: [] }, { bearer: [] }],
    responses: {
      "200": { description: isProxy ? "the provider's answer, values restored" : "the answer" },
      default: isProxy
        ? { description: "an error in the provider's own shape" }
        : {
            description: "an error",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
          },
    },
  };
}
