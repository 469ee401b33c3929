import { OutcomeBadge } from "../parts/verdict.tsx";
import { LiveView } from "./live-view.tsx";
import { StartForm } from "./start-form.tsx";
import { useLabRun } from "./use-lab-run.ts";

/** Starts a scenario and follows it. */
export function RunPage() {
  const { run, end, log, isConnected } = useLabRun();
  const isBusy =
    run !== null && (run.state === "spawning" || run.state === "running" || run.state === "stopping");
  return (
    <>
      {!isConnected && run !== null && <p class="error">The lab does not answer; trying again.</p>}
      <StartForm isBusy={isBusy} />
      {run?.error != null && <p class="panel error">{run.error}</p>}
      {run !== null && !isBusy && run.lastRunId !== null && (
        <section class="panel row spread">
          <div class="row">
            <OutcomeBadge outcome={run.lastOutcome ?? "NOT JUDGED"} large />
            <span>
              {run.scenario} on {run.host}
            </span>
          </div>
          <a class="button" href={`api/runs/${run.lastRunId}/report.html`}>
            Open report
          </a>
          {end !== null && end.reasons.length > 0 && (
            <ul style="flex-basis: 100%; margin: 0">
              {end.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          )}
        </section>
      )}
      {run?.live == null ? (
        <section class="panel muted">
          No run yet. Choose a scenario above, or start one in a terminal of its own:{" "}
          <code>npx rampart load light</code>
        </section>
      ) : (
        <LiveView run={run} live={run.live} log={log} />
      )}
    </>
  );
}
