import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { LabRun, LabScenario } from "#contract";
import { createLabServer, type LabServerOptions } from "#lab";
import { trimBasePath, withoutBase } from "../../src/lab/server/base-path.ts";
import { TEST_CA, TEST_OTHER_NAME, TEST_SERVER } from "../../src/load/transport/tls-fixture.suite.ts";

let directory = "";
const closers: (() => Promise<void>)[] = [];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "rampart-access-"));
});

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

async function open(options: Partial<LabServerOptions>): Promise<string> {
  const lab = createLabServer({
    resultsDirectory: join(directory, "results"),
    reportsDirectory: join(directory, "reports"),
    uiDirectory: join(directory, "no-ui"),
    scenarioFiles: {},
    gatewayUrl: "http://127.0.0.1:1",
    ...options,
  });
  closers.push(() => lab.close());
  return (await lab.listen({ port: 0 })).url;
}

const plain = (url: string, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init });
const login = (url: string, username: string, password: string, headers: Record<string, string> = {}) =>
  plain(`${url}/login`, { method: "POST", body: new URLSearchParams({ username, password }), headers });

describe("the base path", () => {
  it("stands before all routes, and nothing is served elsewhere", async () => {
    const url = await open({ basePath: "lab/one/" });
    const { origin } = new URL(url);
    expect(url).toBe(`${origin}/lab/one`);
    expect(await (await plain(`${url}/`)).text()).toContain("Rampart lab");
    expect(await (await plain(`${url}/stats/requests`)).json()).toMatchObject({ state: "ready" });
    expect(await (await plain(`${url}/api/run?x=1`)).json()).toMatchObject({ state: "ready" });
    const bare = await plain(url);
    expect([bare.status, bare.headers.get("location")]).toEqual([302, "/lab/one/"]);
    for (const path of ["/", "/api/run", "/lab/oneself/api/run", "/stop"])
      expect((await plain(origin + path)).status, path).toBe(404);
  });

  it("is trimmed, and must be a plain path", () => {
    expect(["", "/", "a", "/a/b/"].map(trimBasePath)).toEqual(["", "", "/a", "/a/b"]);
    for (const odd of ["/a?b", "/../a", "/a b", "//a//b"])
      expect(() => trimBasePath(odd), odd).toThrow(/path/);
    expect(withoutBase("/ab/x", "/a")).toBeNull();
  });
});

describe("the login", () => {
  it("is needed by every route, and a right one opens them until it is ended", async () => {
    const url = await open({ login: "ann:a:b secret", basePath: "/lab" });
    const page = await plain(`${url}/`);
    expect([page.status, page.headers.get("location")]).toEqual([302, "/lab/login"]);
    for (const path of ["/api/run", "/stats/requests", "/stop", "/gateway/health", "/reports/x.html"]) {
      const response = await plain(url + path);
      expect(response.status, path).toBe(401);
      expect(await response.json()).toMatchObject({ error: { code: "RMP_LAB_LOGIN_REQUIRED" } });
    }
    expect(await (await plain(`${url}/login`)).text()).toContain('name="password"');
    const wrong = [login(url, "ann", "a:b"), login(url, "Ann", "a:b secret"), login(url, "", "")];
    for (const response of await Promise.all(wrong)) {
      expect(response.status).toBe(401);
      expect(response.headers.get("set-cookie")).toBeNull();
    }
    const right = await login(url, "ann", "a:b secret");
    expect([right.status, right.headers.get("location")]).toEqual([303, "/lab/"]);
    const set = right.headers.get("set-cookie") ?? "";
    expect(set).toMatch(/^\w+=[0-9a-f]{64}; Path=\/lab\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    const cookie = `other=1; ${set.split(";")[0]}`;
    expect((await plain(`${url}/api/run`, { headers: { cookie } })).status).toBe(200);
    expect((await plain(`${url}/api/run`, { headers: { cookie: `${cookie}0` } })).status).toBe(401);
    await plain(`${url}/logout`, { method: "POST", headers: { cookie } });
    expect((await plain(`${url}/api/run`, { headers: { cookie } })).status).toBe(401);
  });

  it("ends by itself, and refuses forms of other sites", async () => {
    let nowMs = 0;
    const url = await open({ login: "ann:pw", epochMs: () => nowMs });
    expect((await login(url, "ann", "pw", { origin: "http://evil.example" })).status).toBe(403);
    const cookie = ((await login(url, "ann", "pw")).headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    nowMs = 12 * 3_600_000 - 1;
    expect((await plain(`${url}/api/run`, { headers: { cookie } })).status).toBe(200);
    nowMs += 1;
    expect((await plain(`${url}/api/run`, { headers: { cookie } })).status).toBe(401);
  });

  it("is needed by WebSockets too", async () => {
    const url = await open({ login: "ann:pw" });
    const socket = new WebSocket(`${url.replace("http", "ws")}/ws/monitor`);
    const status = await new Promise((resolve) => {
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
      socket.on("error", () => {});
    });
    expect(status).toBe(403);
  });
});

describe("https", () => {
  it("serves the page with the certificate given, and marks the cookie", async () => {
    const url = await open({ tls: TEST_SERVER, login: "ann:pw" });
    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const response = await new Promise<{ status: number; cookie: string }>((resolve, reject) => {
      const request = httpsRequest(
        `${url}/login`,
        {
          method: "POST",
          ca: TEST_CA,
          headers: { "content-type": "application/x-www-form-urlencoded" },
        },
        (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode ?? 0, cookie: String(answer.headers["set-cookie"]) });
        },
      );
      request.on("error", reject);
      request.end("username=ann&password=pw");
    });
    expect(response.status).toBe(303);
    expect(response.cookie).toMatch(/; Secure$/);
  });

  it("refuses a key that is not the certificate's", () => {
    expect(() =>
      createLabServer({
        resultsDirectory: directory,
        reportsDirectory: directory,
        gatewayUrl: "http://127.0.0.1:1",
        tls: { cert: TEST_SERVER.cert, key: TEST_OTHER_NAME.key },
      }),
    ).toThrow(expect.objectContaining({ code: "RMP_CONFIG_INVALID" }));
  });
});

describe("the class picker", () => {
  it("offers the classes and starts a run with those chosen", async () => {
    const file = join(directory, "two.ts");
    writeFileSync(
      file,
      `import { constant, defineScenario, defineUser, task } from "rampart/load";
const user = (name) => defineUser({ name, wait: constant(0.02), tasks: [task(name, async (user) => { user.count(name); })] });
export default defineScenario({ name: "two", users: 2, host: "http://127.0.0.1:1", userClasses: [user("One"), user("Two")] });
`,
    );
    const url = await open({ scenarioFiles: { two: file }, defaultScenario: "two", picksClasses: true });
    const [two] = (await (await plain(`${url}/api/scenarios`)).json()) as LabScenario[];
    expect(two).toMatchObject({ userClasses: ["One", "Two"], picksClasses: true });
    const form = new URLSearchParams({ user_count: "2", spawn_rate: "100", user_classes: "Two" });
    const started = await plain(`${url}/swarm`, { method: "POST", body: form });
    expect(await started.json()).toMatchObject({ success: true });
    await expect
      .poll(async () => ((await (await plain(`${url}/api/run`)).json()) as LabRun).live?.usersByClass, {
        timeout: 5000,
      })
      .toEqual({ Two: 2 });
    await plain(`${url}/stop`);
  });
});
