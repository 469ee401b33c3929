import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createGuard } from "#backends";
import { createGateway, type Gateway } from "#gateway";
import { scenarioPath } from "#lab";
import { createMockLlm, type MockLlm } from "#mock";
import { freePort } from "../fixtures/free-port.ts";
import { DOCUMENTED_FLEET_COMMANDS } from "./documented-load-commands.ts";
import { run, start, temporaryFolder } from "./rampart-process.ts";

/** 0 fine; 98 a busy machine held up the generator; 99 a busy machine kept the target from its bounds. */
const FINISHED = [0, 98, 99];
let host = "";
let folder: ReturnType<typeof temporaryFolder>;

/** The command's arguments with this test's file, host and a size that fits a test; all flags stay. */
function argumentsOf(command: string): string[] {
  const file = scenarioPath(command.includes("localhost") ? "light" : "baseline");
  return [
    "load",
    ...command
      .replace(/^locust /, "")
      .replace("tests/load/locustfile.py", file)
      .replace(/--host=\S+/, `--host=${host}`)
      .replace(/--users \d+/, "--users 3")
      .replace(/--spawn-rate \d+/, "--spawn-rate 3")
      .replace(/--run-time \S+/, "--run-time 2s")
      .replace("<master-ip>", "127.0.0.1")
      .split(" "),
  ];
}

/** Runs documented commands against a gateway and a mock of the test's own, each for a moment and with a few users. */
export function describeDocumentedLoad(commands: readonly string[]): void {
  const headless = commands.filter((command) => command.includes("--headless"));
  const withPage = commands.filter((command) => !command.includes("--headless"));
  let mock: MockLlm;
  let gateway: Gateway;

  beforeAll(async () => {
    folder = temporaryFolder();
    mock = createMockLlm();
    const { url } = await mock.listen({ port: 0 });
    const providers = { openai: { baseUrl: url }, anthropic: { baseUrl: url } };
    gateway = createGateway({ config: { port: 0, providers }, guard: createGuard(), version: "0.0.0-test" });
    host = (await gateway.listen()).url;
  });

  afterAll(async () => {
    await gateway?.close();
    await mock?.close();
    folder.remove();
  });

  it.concurrent.each(headless)("%s", { timeout: 60_000 }, async (command) => {
    const args = argumentsOf(command);
    const { code, stdout, stderr } = await run(args, folder.path, { env: { LOCUST_RUN_TIME: "2s" } });
    expect(FINISHED, stdout + stderr).toContain(code);
    expect(stdout).toMatch(/Total requests: [1-9]/);
    const html = /--html (\S+)/.exec(command)?.[1];
    if (html !== undefined) expect(existsSync(join(folder.path, html))).toBe(true);
    const csv = /--csv=(\S+)/.exec(command)?.[1];
    if (csv !== undefined) expect(existsSync(join(folder.path, `${csv}_stats.csv`))).toBe(true);
  });

  it.each(withPage)("%s", { timeout: 60_000 }, async (command) => {
    const port = await freePort();
    const running = start(argumentsOf(command), folder.path, { env: { LOCUST_WEB_PORT: String(port) } });
    await running.prints(" on http://");
    const url = `http://127.0.0.1:${port}`;
    expect((await fetch(url)).status).toBe(200);
    const body = new URLSearchParams({ user_count: "2", spawn_rate: "2", host });
    const swarm = await fetch(`${url}/swarm`, { method: "POST", body });
    expect(await swarm.json()).toMatchObject({ success: true });
    await expect
      .poll(
        async () =>
          ((await (await fetch(`${url}/stats/requests`)).json()) as { total_rps: number }).total_rps,
        {
          timeout: 20_000,
        },
      )
      .toBeGreaterThan(0);
    expect(await (await fetch(`${url}/stop`)).json()).toMatchObject({ success: true });
    running.process.kill("SIGINT");
    expect((await running.finished).code).toBe(0);
  });

  it("as master and as two worker processes of one command", { timeout: 60_000 }, async () => {
    const port = String(await freePort());
    const env = {
      ...{
        LOCUST_MASTER_BIND_PORT: port,
        LOCUST_MASTER_BIND_HOST: "127.0.0.1",
        LOCUST_MASTER_NODE_PORT: port,
      },
      ...{ LOCUST_EXPECT_WORKERS: "2", LOCUST_USERS: "4", LOCUST_SPAWN_RATE: "4", LOCUST_RUN_TIME: "3s" },
    };
    const master = start(argumentsOf(DOCUMENTED_FLEET_COMMANDS.master), folder.path, { env });
    const workers = argumentsOf(`${DOCUMENTED_FLEET_COMMANDS.worker} --processes 2`);
    const worker = start(workers, folder.path, { env });
    const { code, stdout, stderr } = await master.finished;
    expect(FINISHED, stdout + stderr).toContain(code);
    expect(stdout).toMatch(/Total requests: [1-9]/);
    expect((await worker.finished).code).toBe(0);
  });
}
