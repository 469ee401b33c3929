import Type, { type Static } from "typebox";
import { closed, milliseconds } from "./fields.ts";

/** Traces over OTLP/HTTP. Without a URL there are none, and they cost nothing. */
export const TelemetryConfigSchema = Type.Object(
  {
    url: Type.Optional(
      Type.String({
        pattern: "^https?://[^\\s]+$",
        description:
          "where spans are sent as OTLP/HTTP JSON, such as `http://127.0.0.1:4318/v1/traces`; default: " +
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, else no traces",
      }),
    ),
    headers: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: "headers of every export, such as a key" }),
    ),
    serviceName: Type.String({
      minLength: 1,
      maxLength: 100,
      default: "rampart-gateway",
      description: "`service.name` of the spans",
    }),
    sampleRatio: Type.Number({
      minimum: 0,
      maximum: 1,
      default: 1,
      description:
        "share of requests without a `traceparent` that are traced; one that comes with it decides itself",
    }),
    batchRequests: Type.Integer({
      minimum: 1,
      maximum: 10_000,
      default: 100,
      description: "traced requests that leave in one export at most",
    }),
    queueRequests: Type.Integer({
      minimum: 1,
      default: 2_000,
      description: "traced requests that wait for the collector; beyond this they are dropped and counted",
    }),
    intervalMs: milliseconds(2_000, "longest time until what was traced is exported"),
    timeoutMs: milliseconds(5_000, "longest time one export may take"),
  },
  { ...closed, default: {} },
);
/** Traces of a gateway. */
export type TelemetryConfig = Static<typeof TelemetryConfigSchema>;
