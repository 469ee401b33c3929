import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { run, temporaryFolder } from "./rampart-process.ts";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const file = (name: string, text: string): string => {
  writeFileSync(join(folder.path, name), text);
  return name;
};

describe("usage errors", () => {
  it.each([
    [["nonsense"], /unknown command/],
    [["load", "light", "--users", "many"], /whole number/],
    [["load", "light", "--run-time", "soon"], /time span/],
    [["load", "no-such-scenario"], /RMP_LOAD_SCENARIO_NOT_FOUND/],
    [["load", "../package"], /RMP_LOAD_SCENARIO_NOT_FOUND/],
    [["load", "-f", "absent.ts"], /RMP_LOAD_SCENARIO_NOT_FOUND/],
    [["gateway", "--config", "absent.yaml"], /RMP_CONFIG_NOT_FOUND/],
    [["gateway", "--policy", "no_such_policy"], /RMP_CONFIG_NOT_FOUND/],
    [["gateway", "--host", "0.0.0.0", "--port", "0"], /RMP_NET_BIND_REFUSED/],
    [["mock-llm", "--set", "errorRate=7"], /errorRate/],
    [["check", "absent.run.json.gz"], /RMP_CONFIG_NOT_FOUND/],
    [["eval", "taste", "--data", "x"], /RMP_CLI_USAGE/],
  ])("%j ends with exit code 2 and a clear line", async (args, message) => {
    const done = await run(args, folder.path);
    expect(done.stderr).toMatch(message);
    expect(done.code).toBe(2);
  });

  it("names the wrong key of a configuration", async () => {
    const done = await run(
      ["gateway", "--config", file("bad.yaml", "bounds: { bodyBytes: lots }\n")],
      folder.path,
    );
    expect(done.code).toBe(2);
    expect(done.stderr).toContain("bounds.bodyBytes");
  });

  it("points at the line of a scenario's syntax error", async () => {
    const done = await run(
      ["load", "-f", file("broken.ts", "export default {\n  name: 'x',\n  users: ]\n};\n")],
      folder.path,
    );
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(/broken\.ts:3/);
  });
});

describe("rampart detect", () => {
  it("reads standard input and prints JSON without echoing values", async () => {
    const done = await run(["detect", "--json"], folder.path, { input: "mail ada@example.org" });
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout).findings).toMatchObject([{ type: "EMAIL_ADDRESS", start: 5, end: 20 }]);
    expect(done.stdout).not.toContain("ada@");
  });

  it("ends with 99 on a finding when asked to", async () => {
    const clean = file("clean.txt", "the weather is fine");
    const found = file("found.txt", "mail ada@example.org");
    expect((await run(["detect", "--fail-on-finding", clean], folder.path)).code).toBe(0);
    expect((await run(["detect", "--fail-on-finding", clean, found], folder.path)).code).toBe(99);
  });
});

describe("rampart anonymise", () => {
  const env = { RAMPART_VAULT_KEY: "ab".repeat(32) };

  it("replaces values and restores them with the vault", async () => {
    const text = "My name is Ada Lovelace, mail ada@example.org, [EMAIL_1] stays";
    const out = await run(["anonymise", "--vault", "v.bin"], folder.path, { input: text, env });
    expect(out.stdout).not.toMatch(/Ada|ada@/);
    expect(readFileSync(join(folder.path, "v.bin")).includes("ada@example.org")).toBe(false);
    const back = await run(["anonymise", "--restore", "--vault", "v.bin"], folder.path, {
      input: out.stdout,
      env,
    });
    expect(back.stdout).toBe(text);
  });

  it("refuses a vault without its key, and with another key", async () => {
    expect((await run(["anonymise", "--vault", "w.bin"], folder.path, { input: "x" })).code).toBe(2);
    await run(["anonymise", "--vault", "w.bin"], folder.path, { input: "mail ada@example.org", env });
    const other = { RAMPART_VAULT_KEY: "cd".repeat(32) };
    const wrong = await run(["anonymise", "--restore", "--vault", "w.bin"], folder.path, {
      input: "x",
      env: other,
    });
    expect(wrong.stderr).toContain("RMP_DETECT_VAULT_INVALID");
    expect(wrong.code).not.toBe(0);
  });

  it("walks JSON leaves and quotes nothing of a broken document", async () => {
    const done = await run(["anonymise", "--as-json"], folder.path, {
      input: '{"to":["ada@example.org"],"n":1}',
    });
    expect(JSON.parse(done.stdout)).toEqual({ to: ["[EMAIL_1]"], n: 1 });
    const broken = await run(["anonymise", "--as-json"], folder.path, { input: '{"to": ada@example.org}' });
    expect(broken.stderr).toContain("RMP_REQ_MALFORMED_JSON");
    expect(broken.stderr).not.toContain("ada@");
  });
});

describe("rampart eval", () => {
  it("prints figures and writes a line of scores per item", async () => {
    const data = file(
      "pii.jsonl",
      `${JSON.stringify({ id: "a", text: "mail ada@example.org", spans: [{ start: 5, end: 20, type: "EMAIL_ADDRESS" }], source: "own", labelled: ["EMAIL_ADDRESS"] })}\n`,
    );
    const done = await run(["eval", "pii", "--data", data, "--scores", "s.jsonl"], folder.path);
    expect(JSON.parse(done.stdout)).toMatchObject({
      kind: "pii",
      items: 1,
      perEntity: { EMAIL_ADDRESS: { strict: { f1: 1 } } },
    });
    expect(JSON.parse(readFileSync(join(folder.path, "s.jsonl"), "utf8"))).toMatchObject({
      id: "a",
      spans: expect.arrayContaining([
        expect.objectContaining({ start: 5, end: 20, type: "EMAIL_ADDRESS", flagged: true }),
      ]),
    });
  });

  it("names the line that is wrong", async () => {
    const data = file("bad.jsonl", '{"id":"a","text":"x","label":0}\n{"id":"b","text":"y"}\n');
    const done = await run(["eval", "injection", "--data", data], folder.path);
    expect(done.stderr).toContain("bad.jsonl line 2");
    expect(done.code).not.toBe(0);
  });
});
