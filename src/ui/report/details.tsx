import type { ComponentChildren } from "preact";
import type { GeneratorHealth, ReportFact, ReportModel } from "#contract";
import { formatNumber, formatValue } from "../parts/format.ts";
import { CheckTable, ErrorTable, ExceptionTable } from "../parts/run-tables.tsx";
import { Table } from "../parts/table.tsx";

/** What stands below the charts: errors, exceptions, checks, custom metrics, tasks, generator, settings, environment. */
export function Details({ model }: { readonly model: ReportModel }) {
  return (
    <>
      <Section title="Failures" when={model.errors.length > 0} empty="No request failed.">
        <ErrorTable rows={model.errors} />
      </Section>
      <Section title="Exceptions in scenario code" when={model.exceptions.length > 0} empty="">
        <ExceptionTable rows={model.exceptions} />
      </Section>
      <Section title="Checks on the answers" when={model.checks.length > 0} empty="">
        <CheckTable rows={model.checks} />
      </Section>
      <Section title="Custom metrics" when={model.metrics.length > 0} empty="">
        <Table
          rows={model.metrics}
          columns={[
            { title: "Metric", value: (row) => row.name },
            { title: "Kind", value: (row) => row.kind },
            { title: "Value", value: (row) => row.value, render: (row) => formatValue(row.value, row.unit) },
            { title: "Samples", value: (row) => row.count },
          ]}
        />
      </Section>
      <div class="grid">
        <Facts title="Run" facts={model.facts} />
        <Facts title="Generator" facts={healthFacts(model.health)} />
        <Facts title="Environment" facts={environmentFacts(model)} />
        <Facts title="Task mix as planned" facts={taskFacts(model)} />
      </div>
    </>
  );
}

function Section(props: {
  readonly title: string;
  readonly when: boolean;
  readonly empty: string;
  readonly children: ComponentChildren;
}) {
  if (!props.when && props.empty === "") return null;
  return (
    <section class="panel">
      <h2>{props.title}</h2>
      {props.when ? props.children : <p class="muted">{props.empty}</p>}
    </section>
  );
}

function Facts({ title, facts }: { readonly title: string; readonly facts: readonly ReportFact[] }) {
  if (facts.length === 0) return null;
  return (
    <section class="panel">
      <h2>{title}</h2>
      <table>
        <tbody>
          {facts.map((fact) => (
            <tr key={fact.label}>
              <td class="muted">{fact.label}</td>
              <td class="fact">{fact.value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function healthFacts(health: GeneratorHealth): ReportFact[] {
  return [
    {
      label: "Delivered the load",
      value: health.verdict === "valid" ? "yes" : `no: ${health.reasons.join("; ")}`,
    },
    { label: "Schedule lag P99", value: formatValue(health.scheduleLagP99Ms, "ms") },
    { label: "Event-loop delay P99", value: formatValue(health.eventLoopDelayP99Ms, "ms") },
    { label: "CPU of one core", value: formatValue(health.cpuPercent, "%") },
    { label: "Undelivered arrivals", value: formatNumber(health.undelivered) },
    { label: "Connections opened", value: formatNumber(health.connectionsOpened) },
  ];
}

function environmentFacts({ environment }: ReportModel): ReportFact[] {
  return [
    { label: "CPU", value: `${environment.cpuModel}, ${environment.cores} cores` },
    { label: "Memory", value: `${formatNumber(environment.memoryBytes / 2 ** 30)} GiB` },
    { label: "Platform", value: environment.platform },
    { label: "Node", value: environment.nodeVersion },
    {
      label: "Rampart",
      value:
        environment.rampartVersion + (environment.gitCommit === null ? "" : ` (${environment.gitCommit})`),
    },
    {
      label: "Generator and target",
      value: environment.sameMachine ? "on the same machine" : "on different machines",
    },
    ...Object.entries(environment.target).map(([label, value]) => ({ label: `Target: ${label}`, value })),
  ];
}

function taskFacts(model: ReportModel): ReportFact[] {
  return Object.entries(model.tasks).flatMap(([user, tasks]) =>
    Object.entries(tasks).map(([task, share]) => ({
      label: `${user}: ${task}`,
      value: `${formatNumber(share * 100)} %`,
    })),
  );
}
