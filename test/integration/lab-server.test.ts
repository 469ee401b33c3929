import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { LabRun, LabRunSummary, LabScenario, ReportModel } from "#contract";
import { createLabServer, type LabServer } from "#lab";

const SCENARIO = `
import { constant, defineScenario, defineUser, task } from "rampart/load";
export default defineScenario({
  name: "tiny", description: "a tiny run", users: 2, spawnRate: 50, runTime: "60s",
  userClasses: [defineUser({ name: "Caller", wait: constant(0.05), tasks: [
    task("ok", { weight: 3 }, async (user) => { await user.http.get("/ok"); }),
    task("bad", { weight: 1 }, async (user) => { await user.http.get("/bad"); }),
  ] })],
});
`;
const TARGETS =
  'name: tiny\nrows:\n  - { id: rate, label: Rate, metric: requests, op: ">", bound: 1, scenarios: tiny, source: test }\n';

let gateway: Server;
let gatewayUrl: string;
let lab: LabServer;
let url: string;

const get = async <T>(path: string): Promise<T> => (await (await fetch(url + path)).json()) as T;
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url + path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
  });

/** Status of a request with headers that fetch does not let a caller set. */
function statusWith(path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpRequest(url + path, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

beforeAll(async () => {
  gateway = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.writeHead(request.url === "/bad" ? 500 : 200, {
        "content-type": "text/plain",
        "x-from": "gateway",
      });
      response.end(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`);
    });
  });
  new WebSocketServer({ server: gateway, path: "/ws/monitor" }).on("connection", (socket) => {
    socket.on("message", (data) => socket.send(`echo ${String(data)}`));
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  // A listening TCP server's address is never a pipe name.
  gatewayUrl = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`;

  const folder = await mkdtemp(join(tmpdir(), "rampart-lab-"));
  const [scenarios, targets] = [join(folder, "scenarios"), join(folder, "targets")];
  await Promise.all([mkdir(scenarios), mkdir(targets)]);
  await writeFile(join(scenarios, "tiny.ts"), SCENARIO);
  await writeFile(join(scenarios, "broken.ts"), "export default 1;\n");
  await writeFile(join(targets, "tiny.yaml"), TARGETS);
  await writeFile(join(targets, "rampart.yaml"), TARGETS.replace("name: tiny", "name: rampart"));
  lab = createLabServer({
    resultsDirectory: join(folder, "results"),
    reportsDirectory: join(folder, "reports"),
    scenariosDirectory: scenarios,
    targetsDirectory: targets,
    uiDirectory: join(folder, "no-ui"),
    gatewayUrl,
    defaultScenario: "tiny",
  });
  ({ url } = await lab.listen({ port: 0 }));
});

afterAll(async () => {
  await lab.close();
  gateway.closeAllConnections();
  gateway.close();
});

describe("the lab's server before a run", () => {
  it("lists scenarios, broken ones with their reason", async () => {
    const scenarios = await get<LabScenario[]>("/api/scenarios");
    expect(scenarios.map((scenario) => scenario.name)).toEqual(["broken", "tiny"]);
    expect(scenarios[0]?.error).not.toBeNull();
    expect(scenarios[1]).toMatchObject({ users: 2, runTimeSec: 60, userClasses: ["Caller"], error: null });
  });

  it("is ready and answers Locust's routes", async () => {
    expect(await get<LabRun>("/api/run")).toMatchObject({ state: "ready", scenario: null, live: null });
    expect(await get("/stats/requests")).toMatchObject({ state: "ready", user_count: 0, errors: [] });
    expect(await get("/exceptions")).toEqual({ exceptions: [] });
    expect((await fetch(`${url}/stats/report`)).status).toBe(404);
    expect(await (await fetch(`${url}/`)).text()).toContain("Rampart lab");
  });

  it("refuses other origins, rebound names and wrong bodies", async () => {
    const start = { scenario: "tiny" };
    expect((await post("/api/run", start, { origin: "http://evil.test" })).status).toBe(403);
    expect((await post("/api/run", start, { "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await fetch(`${url}/stop`, { headers: { origin: "http://evil.test" } })).status).toBe(403);
    expect(await statusWith("/api/run", { host: "evil.test" })).toBe(403);
    expect((await post("/api/run", { scenario: "tiny", users: -1 })).status).toBe(422);
    expect((await post("/api/run", { scenario: "../../etc/passwd" })).status).toBe(404);
    expect((await post("/api/run", { scenario: "broken" })).status).toBe(400);
    expect((await fetch(`${url}/api/runs/..%2f..%2fx`)).status).toBe(404);
    expect((await get<LabRun>("/api/run")).state).toBe("ready");
  });
});

describe("the way to the gateway", () => {
  it("streams requests and answers on", async () => {
    const answer = await fetch(`${url}/gateway/v1/x?y=1`, { method: "POST", body: "hello" });
    expect(answer.headers.get("x-from")).toBe("gateway");
    expect(await answer.text()).toBe("POST /v1/x?y=1 hello");
    expect((await fetch(`${url}/gateway/bad`)).status).toBe(500);
  });

  it("joins the monitor's WebSocket, and refuses it to other origins", async () => {
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws/monitor`);
    await new Promise((resolve) => socket.on("open", resolve));
    const reply = new Promise((resolve) => socket.on("message", (data) => resolve(String(data))));
    socket.send("hi");
    expect(await reply).toBe("echo hi");
    socket.close();
    const refused = new WebSocket(`${url.replace("http", "ws")}/ws/monitor`, { origin: "http://evil.test" });
    const status = await new Promise((resolve) =>
      refused.on("unexpected-response", (_request, response) => resolve(response.statusCode)),
    );
    expect(status).toBe(403);
  });
});

describe("a run through the server", () => {
  it("is started by /swarm, watched, stopped, judged and archived", async () => {
    const events = await fetch(`${url}/api/run/events`);
    const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
    const seen: string[] = [];
    const ended = (async () => {
      let text = "";
      while (!text.includes("event: end")) {
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) break;
        text += chunk.value;
      }
      seen.push(...[...text.matchAll(/^event: (\w+)$/gm)].map((match) => match[1] ?? ""));
    })();

    const form = new URLSearchParams({
      user_count: "3",
      spawn_rate: "50",
      host: gatewayUrl,
      run_time: "30s",
    });
    expect(await (await fetch(`${url}/swarm`, { method: "POST", body: form })).json()).toMatchObject({
      success: true,
      message: "Swarming started",
    });
    expect((await post("/api/run", { scenario: "tiny", host: gatewayUrl })).status).toBe(409);
    const wrong = new URLSearchParams({ user_count: "3", spawn_rate: "1", run_time: "soon" });
    expect(await (await fetch(`${url}/swarm`, { method: "POST", body: wrong })).json()).toMatchObject({
      success: false,
    });

    await expect
      .poll(
        async () =>
          (await get<{ stats: { num_requests: number }[] }>("/stats/requests")).stats.at(-1)?.num_requests,
        {
          timeout: 10_000,
        },
      )
      .toBeGreaterThan(10);
    expect(await get("/stats/requests")).toMatchObject({ state: "running", user_count: 3 });
    expect((await get<LabRun>("/api/run")).live?.rows.map((row) => row.name)).toEqual(["/bad", "/ok"]);
    expect(await (await fetch(`${url}/stats/requests/csv`)).text()).toMatch(/^Type,Name,Request Count/);

    expect(await get("/stop")).toEqual({ success: true, message: "Test stopped" });
    await ended;
    expect(seen).toEqual(expect.arrayContaining(["state", "tick", "log", "end"]));
    await lab.session.idle();

    const [run] = await get<LabRunSummary[]>("/api/runs");
    // On a busy machine the generator may rightly call itself overloaded; nothing else may be wrong.
    expect(run?.reasons.filter((reason) => !reason.startsWith("generator: "))).toEqual([]);
    expect(run).toMatchObject({
      scenario: "tiny",
      users: 3,
      outcome: run?.reasons.length ? "INVALID" : "PASS",
    });
    expect(run?.failurePercent).toBeGreaterThan(0);
    const report = await get<ReportModel>(`/api/runs/${run?.id}`);
    expect(report.requests.at(-1)?.requests).toBe(run?.requests);
    expect(report.errors[0]).toMatchObject({ name: "/bad", family: "http" });
    for (const path of [`/api/runs/${run?.id}/report.html`, "/stats/report"])
      expect(await (await fetch(url + path)).text()).toContain("report-result");
    for (const path of [
      "/stats/requests/csv",
      "/stats/failures/csv",
      "/exceptions/csv",
      "/stats/requests_full_history/csv",
      `/api/runs/${run?.id}/csv/stats`,
      `/api/runs/${run?.id}/result`,
    ])
      expect((await fetch(url + path)).status).toBe(200);
    const reports = await get<{ name: string }[]>("/api/reports");
    expect(reports.some((file) => /^tiny-load-.*\.html$/.test(file.name))).toBe(true);
    expect((await fetch(`${url}/reports/${reports[0]?.name}`)).status).toBe(200);
    expect((await fetch(`${url}/reports/..%2fresults`)).status).toBe(404);
    expect(await get("/tasks")).toMatchObject({ per_class: { Caller: { tasks: { ok: { ratio: 0.75 } } } } });
    expect(await get<LabRun>("/api/run")).toMatchObject({
      state: "stopped",
      lastRunId: run?.id,
      error: null,
    });
  });
});
