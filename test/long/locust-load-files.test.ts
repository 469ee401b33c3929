/** Load files of real Locust with the requests of both documents' load tests: the gateway answers them without a failure. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Running, start, temporaryFolder } from "../e2e/rampart-process.ts";
import { freePort } from "../fixtures/free-port.ts";

const RUN_SEC = Number(process.env["RAMPART_LOCUST_SEC"] ?? 60);
const hasLocust = spawnSync("locust", ["--version"]).status === 0;

describe.skipIf(!hasLocust && process.env["CI"] !== "true")("real Locust against the gateway", () => {
  const folder = temporaryFolder();
  let mock: Running;
  let gateway: Running;
  let host: string;

  beforeAll(async () => {
    const [mockPort, gatewayPort] = [await freePort(), await freePort()];
    host = `http://127.0.0.1:${gatewayPort}`;
    mock = start(["mock-llm", "--port", String(mockPort)], folder.path);
    await mock.prints("mock LLM on");
    gateway = start(
      ["gateway", "--port", String(gatewayPort), "--fallback-upstream", `http://127.0.0.1:${mockPort}`],
      folder.path,
    );
    await gateway.prints("gateway on");
  });

  afterAll(async () => {
    for (const running of [gateway, mock]) {
      running.process.kill("SIGTERM");
      await running.finished;
    }
    folder.remove();
  });

  it.each(["prompt_guard.py", "agentguard.py"])(`runs %s for ${RUN_SEC} s with 0 failures`, async (file) => {
    const csv = join(mkdtempSync(join(tmpdir(), "rampart-locust-")), "out");
    const locust = spawn(
      "locust",
      [
        ...["-f", join(import.meta.dirname, "../peers/locust", file), "--headless", "--only-summary"],
        ...["-u", "50", "-r", "10", "-t", `${RUN_SEC}s`, "--host", host, "--csv", csv],
      ],
      { stdio: "ignore" },
    );
    const code = await new Promise((resolve) => locust.on("close", resolve));
    const total = (
      readFileSync(`${csv}_stats.csv`, "utf8")
        .split("\n")
        .find((line) => line.startsWith(",Aggregated")) ?? ""
    ).split(",");
    console.info(`${file}: ${total[2]} requests, ${total[3]} failures, median ${total[4]} ms`);
    expect(code).toBe(0);
    expect(Number(total[2])).toBeGreaterThan(RUN_SEC * 10);
    expect(Number(total[3])).toBe(0);
  });
});
