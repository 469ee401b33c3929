import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runScenario } from "../index.ts";

let directory = "";
let server: Server;
let host = "";
let seen = 0;
const users = new Set<string>();

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "rampart-threads-"));
  server = createServer((request, response) => {
    seen += 1;
    users.add(String(request.headers["x-user"]));
    response.end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(directory, { recursive: true });
});

describe("threads", () => {
  it("share the work exactly and report every request once", async () => {
    const file = join(directory, "shared.ts");
    writeFileSync(
      file,
      `import { constant, defineScenario, defineUser, task } from "rampart/load";
const caller = defineUser({ name: "Caller", wait: constant(0.01), tasks: [
  task("hit", async (user) => { await user.http.get("/", { headers: { "x-user": String(user.id), "x-shared": String(user.shared) } }); }),
] });
export default defineScenario({ name: "shared", userClasses: [caller], setup: () => "from setup",
  executors: [{ kind: "shared-iterations", users: 7, iterations: 101 }] });
`,
    );
    const result = await runScenario({ scenario: file, overrides: { host, processes: 2 } });
    expect(result.total).toMatchObject({ count: 101, failures: 0 });
    expect(seen).toBe(101);
    expect(users.size).toBe(7);
    expect(result.plan.workers).toBe(2);
    expect(result.series.reduce((sum, point) => sum + point.requests, 0)).toBe(101);
  });

  it("say what is wrong with a scenario that cannot be loaded", async () => {
    const file = join(directory, "first-only.ts");
    writeFileSync(
      file,
      `import { isMainThread } from "node:worker_threads";
import { defineScenario, defineUser, task } from "rampart/load";
if (!isMainThread) throw new Error("not in a thread");
export default defineScenario({ name: "x", userClasses: [defineUser({ name: "U", tasks: [task("t", () => {})] })] });
`,
    );
    const failed = runScenario({ scenario: file, overrides: { host, processes: 2 } });
    await expect(failed).rejects.toMatchObject({ code: "RMP_LOAD_SCENARIO_INVALID" });
  });
});
