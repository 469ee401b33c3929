/** The lab against a gateway that is not ours, by settings alone (docs/any-gateway.md). */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Running, run, start, temporaryFolder } from "../e2e/rampart-process.ts";
import { freePort } from "../fixtures/free-port.ts";

const PORTKEY = join(
  import.meta.dirname,
  "../../bench/peers/portkey/node_modules/@portkey-ai/gateway/build/start-server.js",
);
const hasPeer = existsSync(PORTKEY);

describe.skipIf(!hasPeer && process.env["CI"] !== "true")("a stranger's gateway", () => {
  const folder = temporaryFolder();
  let mock: Running;
  let portkey: ChildProcess;
  let settings: string[];
  let host: string;
  let upstream: string;

  beforeAll(async () => {
    const [mockPort, portkeyPort] = [await freePort(), await freePort()];
    upstream = `http://127.0.0.1:${mockPort}`;
    host = `http://127.0.0.1:${portkeyPort}`;
    mock = start(["mock-llm", "--port", String(mockPort)], folder.path);
    portkey = spawn(process.execPath, [PORTKEY, `--port=${portkeyPort}`], { stdio: "ignore" });
    await mock.prints("mock LLM on");
    for (let tries = 0; tries < 100 && !(await answers(host)); tries += 1) await sleep(100);
    settings = [
      "chat=/v1/chat/completions",
      "messages=off",
      "header.x-portkey-provider=openai",
      `header.x-portkey-custom-host=${upstream}/v1`,
      "header.authorization=Bearer any",
      `mock=${upstream}`,
      `direct=${upstream}`,
    ].flatMap((setting) => ["--set", setting]);
  });

  afterAll(async () => {
    portkey.kill("SIGKILL");
    mock.process.kill("SIGTERM");
    await mock.finished;
    folder.remove();
  });

  const load = (scenario: string) =>
    run(
      ["load", scenario, "--host", host, ...settings, "-t", "10s", "-u", "5", "--only-summary"],
      folder.path,
    );

  it.each(["streaming", "guard-integrity"])("fails %s and names what passed unguarded", async (scenario) => {
    const { code, stdout } = await load(scenario);
    expect(stdout).toContain("Verdict: FAIL");
    expect(stdout).toMatch(
      /no personal value reached the upstream: upstream request \d+ \(POST \/v1\/chat\/completions\) holds:/,
    );
    expect(code).toBe(99);
  });

  it("ends overhead with a verdict of its own and with what it adds", async () => {
    const { code, stdout } = await load("overhead");
    // A generator on a busy machine may have to call its own figures invalid; it must never call them a failure.
    expect([0, 98]).toContain(code);
    expect(stdout).toMatch(/Verdict: (PASS|INVALID)/);
    const measured = await run(
      [
        ...["overhead", "-t", "8s", "--gateway", `${host}/v1/chat/completions`],
        ...["--header", "x-portkey-provider=openai", "--header", `x-portkey-custom-host=${upstream}/v1`],
        ...["--header", "authorization=Bearer any", "--direct", `${upstream}/v1/chat/completions`],
      ],
      folder.path,
    );
    expect(measured.code).toBe(0);
    expect(measured.stdout).toMatch(/P50 .* ms .* ms +[\d.]+ ms/);
  });
});

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}
