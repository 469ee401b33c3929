import { mkdtemp, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { checkRuns, exitCodeOf, recordRun, scenarioPath, verdictText } from "#lab";
import { runScenario } from "#load";
import { createMockLlm } from "#mock";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** What a gateway does to the texts on their way to the upstream. */
type Guard = (text: string) => { readonly sent: string; readonly restore: (answer: string) => string };

/** Replaces everything that looks like a value of the samples; enough to run the scenario's checks for real. */
const masking: Guard = (text) => {
  const values = new Map<string, string>();
  const sent = text.replace(
    /[\w.]+@[\w.]+|\+?\d[\d-]{6,}|EMP-\d+|(?:Alice Johnson|Sarah Johnson|John Smith|Bob Williams|Jane Doe|Michael Chen|123 Main St|Boston)/g,
    (value) => {
      const placeholder = `[X_${values.size + 1}]`;
      values.set(placeholder, value);
      return placeholder;
    },
  );
  return {
    sent,
    restore: (answer) =>
      answer.replace(/\[X_\d+\]/g, (placeholder) => values.get(placeholder) ?? placeholder),
  };
};
const leaking: Guard = (text) => ({ sent: text, restore: (answer) => answer });

/** A planted bug: every tenth answer is the one before it. */
function crossing(): Guard {
  let answers = 0;
  let before = "";
  return (text) => ({
    sent: text,
    restore: (answer) => {
      answers += 1;
      const mixed = answers % 10 === 0 ? before : answer;
      before = answer;
      return mixed;
    },
  });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close());
  closers.push(() => server.closeAllConnections());
  // A listening TCP server's address is never a pipe name.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A tiny gateway in front of the real mock LLM. */
async function startGateway(guard: Guard): Promise<{ host: string; mock: string }> {
  const mock = createMockLlm();
  const { url } = await mock.listen({ port: 0 });
  closers.push(() => mock.close());
  const host = await listen(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const json = (status: number, text: string) =>
        response.writeHead(status, { "content-type": "application/json" }).end(text);
      if (request.method === "GET") return json(200, '{"status":"healthy"}');
      const { sent, restore } = guard(Buffer.concat(chunks).toString("utf8"));
      const path = (request.url ?? "").replace(/^\/(?:openai|anthropic)/, "");
      const answer = await fetch(url + path, {
        method: "POST",
        body: sent,
        headers: { "content-type": "application/json", "anthropic-version": "2023-06-01", "x-api-key": "k" },
      });
      json(answer.status, restore(await answer.text()));
    }),
  );
  return { host, mock: url };
}

async function runLight(guard: Guard) {
  const { host, mock } = await startGateway(guard);
  return runScenario({
    scenario: scenarioPath("light"),
    overrides: { host, users: 20, spawnRatePerSec: 10, runTimeSec: 3, settings: { mock } },
  });
}

describe("a run of the light load", () => {
  it("is judged, kept and reported, and judged alike again", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rampart-lab-"));
    const result = await runLight(masking);
    expect(result.errors).toEqual([]);
    expect(result.total.count).toBeGreaterThan(20);
    const recorded = await recordRun(result, {
      resultsDirectory: join(folder, "results"),
      reports: { html: join(folder, "reports", "light.html"), csv: join(folder, "reports", "light") },
      generatedAtMs: 0,
    });
    expect(recorded.verdict.targets).toBe("prompt-guard + rampart");
    const outcomes = Object.fromEntries(recorded.verdict.rows.map((row) => [row.id, row.outcome]));
    expect(outcomes).toMatchObject({
      "prompt-guard/light-errors": "pass",
      "prompt-guard/light-users": "warn",
      "rampart/no-leak": "pass",
      "rampart/restored": "pass",
      "rampart/no-placeholder": "pass",
    });
    expect(verdictText(recorded.verdict, { isColor: false })).toContain(
      `Verdict: ${recorded.verdict.outcome}`,
    );
    expect(await readdir(join(folder, "reports"))).toHaveLength(5);
    const again = await checkRuns([recorded.path, join(folder, "reports", "light.html")]);
    expect(again.map((run) => run.verdict)).toEqual([recorded.verdict, recorded.verdict]);
    const stats = await readFile(join(folder, "reports", "light_stats.csv"), "utf8");
    expect(stats).toContain(`,Aggregated,${result.total.count},0,`);
    const history = await readFile(join(folder, "reports", "light_stats_history.csv"), "utf8");
    expect(history.trim().split("\r\n").at(-1)).toContain(`,${result.total.count},0,`);
  });

  it("fails and names the upstream request when a value leaks", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rampart-lab-"));
    const result = await runLight(leaking);
    const { verdict } = await recordRun(result, { resultsDirectory: folder, reports: {}, generatedAtMs: 0 });
    expect(verdict.outcome).toBe("FAIL");
    expect(exitCodeOf([verdict])).toBe(99);
    expect(verdict.rows.find((row) => row.id === "rampart/no-leak")?.outcome).toBe("fail");
    expect(verdict.reasons.join("\n")).toMatch(/upstream request \d+ \(POST \/v1\/[\w/]+\) holds: /);
    expect(verdict.reasons.join("\n")).not.toContain("@example.com");
  });

  it("catches answers that crossed to another user and names both requests", async () => {
    const { host, mock } = await startGateway(crossing());
    const result = await runScenario({
      scenario: scenarioPath("guard-integrity"),
      overrides: { host, users: 5, runTimeSec: 2, settings: { mock } },
    });
    const { verdict } = await recordRun(result, {
      resultsDirectory: await mkdtemp(join(tmpdir(), "rampart-lab-")),
      reports: {},
      generatedAtMs: 0,
    });
    expect(verdict.outcome).toBe("FAIL");
    expect(verdict.rows.find((row) => row.id === "rampart/no-crossing")?.outcome).toBe("fail");
    expect(result.exceptions.map(({ message }) => message).join("\n")).toMatch(
      /crossing: the answer to u\d+i\d+r\d+ holds values of u\d+i\d+r\d+/,
    );
  });

  it("exits 99 and says which row failed when a target is out of reach", async () => {
    const folder = await mkdtemp(join(tmpdir(), "rampart-lab-"));
    const targets = join(folder, "impossible.yaml");
    await writeFile(
      targets,
      'name: mine\nrows:\n  - { id: no, label: Impossible, metric: avg, op: "<", bound: 0.0001, unit: ms, scenarios: light, source: me }\n',
    );
    const { verdict } = await recordRun(await runLight(masking), {
      resultsDirectory: folder,
      reports: {},
      generatedAtMs: 0,
      targetFiles: [targets],
    });
    expect(exitCodeOf([verdict])).toBe(99);
    expect(verdict.reasons.join()).toContain("mine/no");
  });
});
