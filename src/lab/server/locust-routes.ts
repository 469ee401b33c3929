/** Locust's web routes, so that its scripts and dashboards work against the lab. */
import type { FastifyInstance, FastifyReply } from "fastify";
import type { LabStartRequest } from "#contract";
import { parseTimeSpanSec, toRampartError } from "#shared";
import { csvLine } from "../reports/csv-text.ts";
import { timeText } from "../reports/format.ts";
import { renderHtml } from "../reports/html.ts";
import { exceptionsCsv, FAILURES_COLUMNS, failuresCsv, historyCsv, statsCsv } from "../reports/locust-csv.ts";
import { locustExceptions, locustStats, locustStatsOfResult, locustTasks } from "../reports/locust-json.ts";
import { buildReport } from "../reports/model.ts";
import type { LabServices } from "./lab-services.ts";
import { locustStatsOfSnapshot, statsCsvOfSnapshot } from "./locust-live.ts";

/** Adds the routes. `/stop` and `/stats/reset` change things by GET, as Locust has it. */
export function addLocustRoutes(server: FastifyInstance, services: LabServices): void {
  const { session } = services;

  server.post("/swarm", async (request) => {
    const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const host = form.get("host") ?? undefined;
    try {
      const start = await toStart(form, services.defaultScenario);
      if (["spawning", "running"].includes(session.state.state) && start.users !== undefined)
        session.setUsers(start.users, start.spawnRatePerSec);
      else await services.start(start);
      return { success: true, message: "Swarming started", host: start.host ?? null };
    } catch (error) {
      return { success: false, message: toRampartError(error).message, host: host ?? null };
    }
  });

  server.get("/stop", async () => {
    session.stop();
    return { success: true, message: "Test stopped" };
  });

  server.get("/stats/reset", async (_request, reply) => {
    session.resetStats();
    return reply.type("text/plain").send("ok");
  });

  server.get("/stats/requests", async () => {
    const { state } = session.state;
    const snapshot = session.snapshot();
    if (snapshot !== null && state !== "stopped") return locustStatsOfSnapshot(snapshot, state);
    if (session.last !== null) return locustStatsOfResult(session.last.result);
    const total = emptyEntry();
    return locustStats({
      entries: [],
      total,
      errors: [],
      currentP50Ms: null,
      currentP95Ms: null,
      state,
      users: 0,
    });
  });

  server.get("/stats/requests/csv", async (_request, reply) => {
    const snapshot = session.snapshot();
    const isLive = snapshot !== null && session.state.state !== "stopped";
    const text = isLive
      ? statsCsvOfSnapshot(snapshot)
      : session.last === null
        ? ""
        : statsCsv(session.last.result);
    return sendCsv(reply, services, "requests", text);
  });

  server.get("/stats/requests_full_history/csv", async (_request, reply) => {
    const { last } = session;
    if (last === null) return reply.code(404).type("text/plain").send("no run has ended yet");
    return sendCsv(reply, services, "requests_full_history", historyCsv(last.result));
  });

  server.get("/stats/failures/csv", async (_request, reply) => {
    const { last } = session;
    return sendCsv(
      reply,
      services,
      "failures",
      last === null ? csvLine(FAILURES_COLUMNS) : failuresCsv(last.result),
    );
  });

  server.get("/exceptions/csv", async (_request, reply) => {
    const { last } = session;
    const text = last === null ? "Count,Message,Traceback,Nodes\r\n" : exceptionsCsv(last.result);
    return sendCsv(reply, services, "exceptions", text);
  });

  server.get<{ Querystring: { download?: string } }>("/stats/report", async (request, reply) => {
    const { last } = session;
    if (last === null) return reply.code(404).type("text/plain").send("no run has ended yet");
    const model = buildReport({ ...last, generatedAtMs: services.epochMs() });
    if (request.query.download !== undefined)
      reply.header("content-disposition", `attachment; filename="${fileName(services, "report")}.html"`);
    return reply
      .type("text/html; charset=utf-8")
      .send(await renderHtml(model, last.result, services.uiDirectory));
  });

  server.get("/exceptions", async () =>
    locustExceptions(session.snapshot()?.exceptions ?? session.last?.result.exceptions ?? []),
  );

  server.get("/tasks", async () => {
    const snapshot = session.snapshot();
    const users = Object.entries(snapshot?.usersByClass ?? {});
    const total = users.reduce((sum, [, count]) => sum + count, 0);
    const shares = total === 0 ? {} : Object.fromEntries(users.map(([name, count]) => [name, count / total]));
    return locustTasks(session.state.tasks, shares);
  });

  server.get("/logs", async () => ({ master: session.logLines, workers: {} }));

  server.get("/worker-count", async () => ({ worker_count: session.snapshot()?.workers.length ?? 0 }));
}

async function toStart(form: URLSearchParams, defaultScenario: string): Promise<LabStartRequest> {
  const number = (field: string) => {
    const text = form.get(field);
    if (text === null || text === "") return undefined;
    const value = Number(text);
    if (!Number.isFinite(value) || value < 0) throw new TypeError(`${field} is no number`);
    return value;
  };
  const users = number("user_count");
  const spawnRatePerSec = number("spawn_rate");
  const runTime = form.get("run_time");
  const shape = form.get("shape_class");
  const userClasses = form.getAll("user_classes");
  const host = form.get("host");
  return {
    scenario: form.get("scenario") ?? defaultScenario,
    ...(users === undefined ? {} : { users: Math.round(users) }),
    ...(spawnRatePerSec === undefined ? {} : { spawnRatePerSec }),
    ...(runTime === null || runTime === "" ? {} : { runTimeSec: parseTimeSpanSec(runTime, "run_time") }),
    ...(shape === null || shape === "Default" ? {} : { shape }),
    ...(userClasses.length === 0 ? {} : { userClasses }),
    ...(host === null || host === "" ? {} : { host }),
  };
}

function sendCsv(reply: FastifyReply, services: LabServices, kind: string, text: string): FastifyReply {
  return reply
    .type("text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${fileName(services, kind)}.csv"`)
    .send(text);
}

function fileName(services: LabServices, kind: string): string {
  const { scenario, host } = services.session.state;
  const time = timeText(services.epochMs()).slice(0, 16).replace(" ", "-").replace(":", "h");
  return `Locust_${time}_${scenario ?? "none"}_${host ?? ""}_${kind}`.replace(/[^\w.-]/g, "-");
}

function emptyEntry(): Parameters<typeof locustStats>[0]["total"] {
  return {
    method: "",
    name: "Aggregated",
    num_requests: 0,
    num_failures: 0,
    min_response_time: 0,
    max_response_time: 0,
    current_rps: 0,
    current_fail_per_sec: 0,
    avg_response_time: 0,
    median_response_time: 0,
    total_rps: 0,
    total_fail_per_sec: 0,
    "response_time_percentile_0.95": 0,
    "response_time_percentile_0.99": 0,
    avg_content_length: 0,
  };
}
