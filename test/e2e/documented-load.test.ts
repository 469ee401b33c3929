import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { describeDocumentedLoad } from "./documented-load.suite.ts";
import { DOCUMENTED_LOAD_COMMANDS } from "./documented-load-commands.ts";
import { run, temporaryFolder } from "./rampart-process.ts";

/** One of each kind; `npm run test:long` takes them all. */
const KINDS = [/^(?!.*--headless)/, /--html reports\/light/, /--shape=Step/, /--csv/];

const CONNECTIONS = 5;

function dropAll(server: WebSocketServer): void {
  for (const client of server.clients) client.terminate();
}

describe("rampart load in place of locust", () => {
  describeDocumentedLoad(
    KINDS.map((kind) => DOCUMENTED_LOAD_COMMANDS.find((command) => kind.test(command)) ?? "none"),
  );
});

describe("rampart load", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  beforeAll(() => {
    folder = temporaryFolder();
  });
  afterAll(() => folder.remove());

  it("holds WebSockets open, comes back after drops and measures echoes", { timeout: 60_000 }, async () => {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await once(server, "listening");
    let opened = 0;
    server.on("connection", (socket) => {
      socket.on("message", (data) => socket.send(String(data)));
      socket.send(JSON.stringify({ ts: Date.now() }));
      opened += 1;
      if (opened === CONNECTIONS) setTimeout(() => dropAll(server), 1500);
    });
    const { port } = server.address() as AddressInfo;
    const file = join(folder.path, "ws.json");
    const { code, stderr } = await run(
      [
        ...[
          "load",
          "websocket",
          "--url",
          `ws://127.0.0.1:${port}/x`,
          "--connections",
          "5",
          "--duration",
          "8s",
        ],
        ...["--echo-every", "1s", "--result-json", file],
      ],
      folder.path,
    );
    server.close();
    expect([0, 98, 99], stderr).toContain(code);
    const result = JSON.parse(readFileSync(file, "utf8")) as {
      readonly requests: readonly { readonly name: string; readonly count: number }[];
      readonly metrics: readonly { readonly name: string; readonly value: number; readonly count: number }[];
    };
    const metric = (name: string) => result.metrics.find((entry) => entry.name === name);
    expect(result.requests.find(({ name }) => name === "/x connect")?.count).toBe(2 * CONNECTIONS);
    expect(metric("ws_drops")?.value).toBe(CONNECTIONS);
    expect(metric("ws_reconnects")?.value).toBe(CONNECTIONS);
    expect(metric("ws_message_latency")?.count).toBeGreaterThanOrEqual(2 * CONNECTIONS);
    expect(result.requests.find(({ name }) => name === "/x")?.count).toBeGreaterThan(10);
  });

  it("ends INVALID with 98 when the generator cannot keep up", { timeout: 60_000 }, async () => {
    const server = createServer((_request, response) => response.end("ok"));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const file = join(folder.path, "busy.ts");
    writeFileSync(
      file,
      `import { defineScenario, defineUser, task } from "rampart/load";
const busy = defineUser({ name: "Busy", tasks: [task("spin", async (user) => {
  const endMs = Date.now() + 150;
  while (Date.now() < endMs);
  await user.http.get("/health");
})] });
export default defineScenario({ name: "busy", userClasses: [busy] });
`,
    );
    const { code, stdout } = await run(
      ["load", "-f", file, "--headless", "-u", "5", "-t", "4s", "--host", url],
      folder.path,
    );
    server.closeAllConnections();
    server.close();
    expect(stdout).toMatch(/Verdict: INVALID/);
    expect(stdout).toMatch(/event loop was held up/);
    expect(code).toBe(98);
  });
});
