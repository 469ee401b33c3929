import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { defineScenario, defineUser, runScenario, task } from "./index.ts";

const servers: Server[] = [];

async function serve(handler: Parameters<typeof createServer>[1]): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe("runScenario", () => {
  it("counts exactly what the server saw", async () => {
    let seen = 0;
    const host = await serve((request, response) => {
      seen += 1;
      request.resume().on("end", () => {
        response.statusCode = request.url === "/bad" ? 500 : 200;
        response.end(JSON.stringify({ path: request.url }));
      });
    });
    const caller = defineUser({
      name: "Caller",
      tasks: [
        task("good", { weight: 3 }, async (user) => {
          const res = await user.http.post("/good?x=1", { json: { hello: "wörld" } });
          user.check(res, "path echoed", (r) => r.json<{ path: string }>()?.path === "/good?x=1");
        }),
        task("bad", async (user) => {
          await user.http.get("/bad");
        }),
      ],
    });
    const scenario = defineScenario({ name: "exact", users: 5, runTime: 1, userClasses: [caller] });
    const ticks: number[] = [];
    const result = await runScenario({
      scenario,
      overrides: { host },
      onTick: (snapshot) => ticks.push(snapshot.total.requests),
    });
    expect(result.total.count).toBe(seen);
    expect(result.total.count).toBeGreaterThan(50);
    expect(result.total.fromDue.count).toBe(seen);
    const bad = result.requests.find((row) => row.name === "/bad")!;
    expect(bad.failures).toBe(bad.count);
    expect(result.errors).toMatchObject([{ family: "http", message: "HTTP 500", count: bad.count }]);
    expect(result.checks).toMatchObject([
      { name: "path echoed", fails: 0, passes: result.requests[1]!.count },
    ]);
    expect(result.series.reduce((sum, point) => sum + point.requests, 0)).toBe(seen);
    expect(ticks.at(-1)).toBe(seen);
    expect(result.health.connectionsOpened).toBe(5);
  });
});
