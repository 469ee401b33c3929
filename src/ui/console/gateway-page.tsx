import { formatNumber, formatValue } from "../parts/format.ts";
import { Table } from "../parts/table.tsx";
import { useFetched } from "./api.ts";

/** How often the gateway is asked, ms. */
const POLL_MS = 2000;

/** A JSON object whose fields are read by name. */
type Facts = Readonly<Record<string, unknown>>;

/** Health and metrics of the gateway behind this lab. */
export function GatewayPage() {
  const health = useFetched<Facts>("gateway/health", POLL_MS);
  const metrics = useFetched<Facts>("gateway/metrics", POLL_MS);
  if (health.kind === "loading" || metrics.kind === "loading")
    return <p class="muted">Asking the gateway…</p>;
  if (health.kind === "failed")
    return <p class="panel error">The gateway does not answer: {health.message}</p>;
  if (metrics.kind === "failed")
    return <p class="panel error">The gateway has no metrics: {metrics.message}</p>;
  const { value } = metrics;
  const status = String(health.value["status"] ?? "unknown");
  return (
    <>
      <section class="panel row">
        <span class={`badge large ${status === "healthy" ? "pass" : "warn"}`}>{status}</span>
        <span>
          version {String(health.value["version"] ?? "")} · policy {String(health.value["policy"] ?? "")}
        </span>
      </section>
      <div class="figures">
        <Figure label="requests" value={value["requests_total"]} unit="" />
        <Figure label="per second" value={value["request_rate_per_second"]} unit="/s" />
        <Figure label="P95" value={within(value, "response_time_ms", "p95")} unit="ms" />
        <Figure label="guard P95" value={within(value, "guard_time_ms", "p95")} unit="ms" />
        <Figure label="with a finding" value={value["pii_detection_rate"]} unit="%" />
        <Figure label="injections seen" value={value["injections_detected"]} unit="" />
        <Figure label="errors" value={value["errors"]} unit="" />
        <Figure label="connections" value={value["active_connections"]} unit="" />
        <Figure label="CPU" value={value["cpu_percent"]} unit="%" />
        <Figure label="memory" value={Number(value["memory_bytes"]) / 2 ** 20} unit="MiB" />
      </div>
      <section class="panel">
        <h2>Routes</h2>
        <Table
          rows={Object.entries((value["routes"] ?? {}) as Record<string, Facts>)}
          columns={[
            {
              title: "Route",
              value: ([route]) => route,
              render: ([route]) => <span class="mono">{route}</span>,
            },
            { title: "Requests", value: ([, facts]) => Number(facts["count"] ?? 0) },
            ...(["mean", "p50", "p95", "p99", "max"] as const).map((key) => ({
              title: `${key} ms`,
              value: ([, facts]: [string, Facts]) => numberOrNull(within(facts, "response_time_ms", key)),
            })),
            {
              title: "Statuses",
              value: ([, facts]) =>
                Object.entries((facts["statuses"] ?? {}) as Facts)
                  .map(([code, count]) => `${code}: ${count}`)
                  .join(", "),
            },
          ]}
        />
      </section>
      <section class="panel">
        <h2>Findings by type</h2>
        <Table
          rows={Object.entries((value["findings_by_type"] ?? {}) as Facts)}
          columns={[
            { title: "Type", value: ([type]) => type },
            { title: "Found", value: ([, count]) => Number(count) },
          ]}
        />
      </section>
    </>
  );
}

function Figure({
  label,
  value,
  unit,
}: {
  readonly label: string;
  readonly value: unknown;
  readonly unit: string;
}) {
  return (
    <div class="figure">
      <span>{label}</span>
      <b>
        {unit === "" && typeof value === "number"
          ? formatNumber(value)
          : formatValue(numberOrNull(value), unit)}
      </b>
    </div>
  );
}

function within(facts: Facts, group: string, key: string): unknown {
  return ((facts[group] ?? {}) as Facts)[key];
}

function numberOrNull(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
