/** The lab's own JSON routes (`src/contract/lab-api.ts`), which the console draws. */
import { readFile } from "node:fs/promises";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { LabStartRequest, RunResult } from "#contract";
import { RampartError } from "#shared";
import { judgeResult } from "../check.ts";
import { renderHtml } from "../reports/html.ts";
import { locustCsvFiles } from "../reports/locust-csv.ts";
import { buildReport } from "../reports/model.ts";
import { readResult } from "../results/file.ts";
import { listReports } from "./archive.ts";
import type { LabServices } from "./lab-services.ts";
import { parseStart, parseUsers } from "./start-request.ts";

const DEFAULT_LIST = 200;
/** A comment line this often keeps proxies from closing a silent event stream. */
const KEEPALIVE_MS = 15_000;

/** Adds the routes below `/api` and the downloads of the archive. */
export function addApiRoutes(server: FastifyInstance, services: LabServices): void {
  const { session, archive } = services;

  server.get("/api/scenarios", async () => services.scenarios());
  server.get("/api/run", async () => session.state);
  server.post<{ Body: unknown }>("/api/run", async (request, reply) => {
    const start: LabStartRequest = parseStart(request.body);
    await services.start(start);
    return reply.code(202).send(session.state);
  });
  server.post("/api/run/stop", async () => {
    session.stop();
    return session.state;
  });
  server.post<{ Body: unknown }>("/api/run/users", async (request) => {
    const { users, spawnRatePerSec } = parseUsers(request.body);
    session.setUsers(users, spawnRatePerSec);
    return session.state;
  });
  server.post("/api/run/reset", async () => {
    session.resetStats();
    return session.state;
  });
  server.get("/api/run/events", (_request, reply) => streamEvents(reply, services));

  server.get("/api/runs", async () => archive.list(DEFAULT_LIST));
  server.get<{ Params: { id: string } }>("/api/runs/:id", async (request) => {
    const judged = await judgedRun(services, request.params.id);
    return buildReport({ ...judged, generatedAtMs: services.epochMs() });
  });
  server.get<{ Params: { id: string } }>("/api/runs/:id/result", async (request, reply) => {
    const path = await pathOf(services, request.params.id);
    return download(reply, `${request.params.id}.run.json.gz`, "application/gzip").send(await readFile(path));
  });
  server.get<{ Params: { id: string } }>("/api/runs/:id/report.html", async (request, reply) => {
    const judged = await judgedRun(services, request.params.id);
    const model = buildReport({ ...judged, generatedAtMs: services.epochMs() });
    const html = await renderHtml(model, judged.result, services.uiDirectory);
    return reply.type("text/html; charset=utf-8").send(html);
  });
  server.get<{ Params: { id: string; kind: string } }>("/api/runs/:id/csv/:kind", async (request, reply) => {
    const { id, kind } = request.params;
    const text = locustCsvFiles(await resultOf(services, id))[`_${kind}.csv`];
    if (text === undefined) throw notFound("kind");
    return download(reply, `${id}_${kind}.csv`, "text/csv; charset=utf-8").send(text);
  });
  server.get("/api/reports", async () => listReports(services.reportsDirectory));
}

function streamEvents(reply: FastifyReply, services: LabServices): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
  });
  const write = (event: string, data: unknown) =>
    raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  write("state", services.session.state);
  const end = services.session.subscribe((event) => write(event.type, event.data));
  const keepalive = setInterval(() => raw.write(": \n\n"), KEEPALIVE_MS);
  keepalive.unref();
  raw.on("close", () => {
    clearInterval(keepalive);
    end();
  });
}

async function judgedRun(services: LabServices, id: string): ReturnType<typeof judgeResult> {
  return judgeResult(await resultOf(services, id), { targetsDirectory: services.targetsDirectory });
}

async function resultOf(services: LabServices, id: string): Promise<RunResult> {
  return readResult(await pathOf(services, id));
}

async function pathOf(services: LabServices, id: string): Promise<string> {
  const path = await services.archive.path(id);
  if (path === null) throw notFound("id");
  return path;
}

function notFound(field: string): RampartError {
  return new RampartError("RMP_ROUTE_NOT_FOUND", `there is no such ${field}`, { field });
}

function download(reply: FastifyReply, name: string, type: string): FastifyReply {
  return reply
    .type(type)
    .header("content-disposition", `attachment; filename="${name.replace(/[^\w.-]/g, "-")}"`);
}
