import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../fixtures/free-port.ts";
import { RAMPART, type Running, run, start, temporaryFolder } from "./rampart-process.ts";

const folder = temporaryFolder();
let up: Running;
let banner: string;
let ports: readonly [gateway: number, mock: number, lab: number];

beforeAll(async () => {
  ports = [await freePort(), await freePort(), await freePort()];
  const [gateway, mock, lab] = ports.map(String);
  up = start(
    ["up", "--gateway-port", gateway ?? "", "--mock-port", mock ?? "", "--lab-port", lab ?? ""],
    folder.path,
  );
  banner = await up.prints("Ctrl-C stops everything.");
});

afterAll(async () => {
  up.process.kill("SIGTERM");
  await up.finished;
  folder.remove();
});

/** A table without figures of speed: these tests share the machine with others. */
const GENEROUS_TARGETS = `name: generous
title: Generous
document: none
rows:
  - { id: avg, label: Average response time, metric: avg, op: "<", bound: 10000, unit: ms, scenarios: light, source: none }
  - { id: errors, label: Errors, metric: error_rate, op: "=", bound: 0, unit: "%", scenarios: light, source: none }
`;
const RAMPART_TARGETS = join(import.meta.dirname, "../../targets/rampart.yaml");

/** The line of the banner that starts with `start`, run by a shell as printed; `npx rampart` is the built command. */
function runBannerLine(start: string, suffix = ""): string {
  const line = banner.split("\n").find((candidate) => candidate.startsWith(start));
  if (line === undefined) throw new Error(`the banner has no line ${start}`);
  const command = line.replace("npx rampart", `${process.execPath} ${RAMPART}`) + suffix;
  return execFileSync("bash", ["-c", command], {
    cwd: folder.path,
    encoding: "utf8",
    env: { ...process.env, NO_COLOR: "1" },
  });
}

describe("rampart up that is killed", () => {
  it("takes its three processes along", async () => {
    const own = [await freePort(), await freePort(), await freePort()];
    const [gateway, mock, lab] = own.map(String);
    const killed = start(
      ["up", "--gateway-port", gateway ?? "", "--mock-port", mock ?? "", "--lab-port", lab ?? ""],
      folder.path,
    );
    await killed.prints("Ctrl-C stops everything.");
    killed.process.kill("SIGKILL");
    for (const port of own)
      await expect
        .poll(
          () =>
            fetch(`http://127.0.0.1:${port}/`).then(
              () => "answers",
              () => "gone",
            ),
          { timeout: 15_000 },
        )
        .toBe("gone");
  });
});

describe("rampart up", () => {
  it("serves a guarded chat by the line it prints", async () => {
    const answer = runBannerLine(`curl -s http://127.0.0.1:${ports[0]}/openai`);
    expect(JSON.parse(answer).choices[0].message.content).toContain(
      "My name is Alice Johnson, write to alice@example.com",
    );
    const record = await (await fetch(`http://127.0.0.1:${ports[1]}/__mock/requests`)).text();
    expect(record).toContain("My name is [NAME_1], write to [EMAIL_1]");
    expect(record).not.toContain("Alice");
  });

  it("detects by the line it prints", () => {
    const { entities } = JSON.parse(runBannerLine(`curl -s http://127.0.0.1:${ports[0]}/pii`));
    expect(entities.map((entity: { type: string }) => entity.type)).toEqual([
      "PHONE_NUMBER",
      "EMAIL_ADDRESS",
    ]);
  });

  it("passes the light load by the line it prints, and leaves results and reports", () => {
    const generous = join(folder.path, "generous.yaml");
    writeFileSync(generous, GENEROUS_TARGETS);
    const mock = `--set mock=http://127.0.0.1:${ports[1]}`;
    const targets = `--targets ${generous} --targets ${RAMPART_TARGETS}`;
    // a busy machine may hold up the generator: INVALID (98) is then the true verdict
    const printed = runBannerLine(
      "npx rampart load light",
      ` -t 8s ${mock} ${targets} --only-summary || [ $? = 98 ]`,
    );
    expect(printed).toMatch(/Verdict: (?:PASS|INVALID)/);
    expect(printed).toContain("PASS  Personal values that reached the upstream");
    expect(printed).toContain("PASS  Answers without the sender's own values");
    const [result] = readdirSync(join(folder.path, "results"));
    expect(result).toMatch(/-light\.run\.json\.gz$/);
    const reports = readdirSync(join(folder.path, "reports"));
    for (const ending of [
      ".html",
      ".json",
      "_stats.csv",
      "_stats_history.csv",
      "_failures.csv",
      "_exceptions.csv",
    ])
      expect(reports.some((name) => name.startsWith("light-load-") && name.endsWith(ending))).toBe(true);
  });

  it("fails a run whose target is out of reach with exit code 99 and the row", async () => {
    const targets = join(folder.path, "impossible.yaml");
    writeFileSync(targets, GENEROUS_TARGETS.replace("bound: 10000", "bound: 0.0001"));
    const [result] = readdirSync(join(folder.path, "results"));
    const judged = await run(
      ["check", join("results", result ?? ""), "--targets", targets, "--junit", "out/junit.xml"],
      folder.path,
    );
    expect(judged.code).toBe(99);
    expect(judged.stdout).toMatch(/FAIL\s+Average response time/);
    expect(readFileSync(join(folder.path, "out/junit.xml"), "utf8")).toContain("<failure");
  });

  it("judges an HTML report and CSV files like the results file", async () => {
    const reports = readdirSync(join(folder.path, "reports")).map((name) => join("reports", name));
    const targets = ["--targets", "generous.yaml"];
    const html = await run(
      ["check", reports.find((name) => name.endsWith(".html")) ?? "", ...targets],
      folder.path,
    );
    expect(html.stdout).toContain("PASS  Average response time");
    const stats = reports.find((name) => name.endsWith("_stats.csv")) ?? "";
    const csv = await run(["check", stats, "--scenario", "light", ...targets], folder.path);
    expect(csv.stdout).toContain("PASS  Average response time");
  });

  it("writes reports again where asked", async () => {
    const [result] = readdirSync(join(folder.path, "results"));
    const done = await run(
      ["report", join("results", result ?? ""), "--html", "again/r.html", "--markdown", "again/r.md"],
      folder.path,
    );
    expect(done.code).toBe(0);
    expect(existsSync(join(folder.path, "again/r.html"))).toBe(true);
    expect(readFileSync(join(folder.path, "again/r.md"), "utf8")).toContain("Total requests");
  });

  it("shows the console and forwards to the gateway", async () => {
    const lab = `http://127.0.0.1:${ports[2]}`;
    expect(await (await fetch(`${lab}/`)).text()).toContain("<title>Rampart console</title>");
    expect(await (await fetch(`${lab}/gateway/health`)).json()).toMatchObject({ status: "healthy" });
  });

  it("says that a port is taken, with exit code 3", async () => {
    const second = await run(["gateway", "--port", String(ports[0])], folder.path);
    expect(second.code).toBe(3);
    expect(second.stderr).toMatch(/^rampart: .*port.*\[RMP_NET_PORT_IN_USE\]/);
    const whole = await run(["up", "--mock-port", String(ports[1])], folder.path);
    expect(whole.code).toBe(3);
    expect(whole.stderr.trim().split("\n")).toHaveLength(1);
  });

  it("drains and ends with 0 on Ctrl-C", async () => {
    up.process.kill("SIGINT");
    expect((await up.finished).code).toBe(0);
    await expect(fetch(`http://127.0.0.1:${ports[0]}/health`)).rejects.toThrow();
    await expect(fetch(`http://127.0.0.1:${ports[1]}/v1/models`)).rejects.toThrow();
  });
});
