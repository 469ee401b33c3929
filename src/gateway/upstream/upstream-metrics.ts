import type { MetricFamily, MetricSample, MetricsSource } from "../metrics/family.ts";
import type { BreakerState } from "./circuit-breaker.ts";
import type { UpstreamHost } from "./host.ts";
import type { Upstream } from "./upstream.ts";

const STATES: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };

/** The figures of all hosts: label sets are bounded by the configuration. */
export function createUpstreamMetrics(upstreams: readonly Upstream[]): MetricsSource {
  const entries = upstreams.flatMap(({ name, hosts }) =>
    hosts.map((host) => ({ host, labels: { provider: name, host: host.name } })),
  );
  const each = (value: (host: UpstreamHost) => number): MetricSample[] =>
    entries.map(({ host, labels }) => ({ value: value(host), labels }));
  return {
    families: (): readonly MetricFamily[] => [
      counter(
        "attempts",
        "Requests sent, by host.",
        each(({ figures }) => figures.attempts),
      ),
      counter(
        "attempt_seconds",
        "Time until answers had ended or failed, over all attempts.",
        each(({ figures }) => figures.totalMs / 1000),
      ),
      counter(
        "attempt_failures",
        "Requests that a host failed, by reason.",
        entries.flatMap(({ host, labels }) =>
          Object.entries(host.figures.failures).map(([reason, value]) => ({
            value,
            labels: { ...labels, reason },
          })),
        ),
      ),
      counter(
        "rate_limited",
        "Answers with status 429.",
        each(({ figures }) => figures.rateLimited),
      ),
      counter(
        "retries",
        "Requests sent to the same host again.",
        each(({ figures }) => figures.retries),
      ),
      counter(
        "hedges",
        "Requests sent while another one was under way.",
        each(({ figures }) => figures.hedges),
      ),
      counter(
        "retries_refused",
        "Retries and hedges left out because the budget was spent.",
        each(({ budget }) => budget.refusedCount),
      ),
      counter(
        "breaker_opened",
        "How often a host was left alone.",
        each(({ breaker }) => breaker.openedCount),
      ),
      gauge(
        "breaker_state",
        "0 closed, 1 probing, 2 open.",
        each(({ breaker }) => STATES[breaker.state]),
        "max",
      ),
      gauge(
        "connections",
        "Open connections.",
        each(({ pool }) => pool.stats.connected),
      ),
      gauge(
        "running_requests",
        "Requests on a connection.",
        each(({ pool }) => pool.stats.running),
      ),
      gauge(
        "waiting_requests",
        "Requests waiting for a connection.",
        each(({ pool }) => pool.stats.queued),
      ),
      gauge(
        "quota_remaining",
        "What a provider last said is left of the configured key's quota.",
        entries.flatMap(({ host, labels }) =>
          (host.quota?.left() ?? []).map(({ kind, remaining }) => ({
            value: remaining,
            labels: { ...labels, quota: kind },
          })),
        ),
        "min",
      ),
    ],
  };
}

function counter(name: string, help: string, samples: MetricSample[]): MetricFamily {
  return { name: `rampart_upstream_${name}_total`, type: "counter", help, samples };
}

function gauge(
  name: string,
  help: string,
  samples: MetricSample[],
  merge: NonNullable<MetricFamily["merge"]> = "sum",
): MetricFamily {
  return { name: `rampart_upstream_${name}`, type: "gauge", help, samples, merge };
}
