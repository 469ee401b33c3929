import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { loadScenario } from "#load";
import { scenarioFilesAsked } from "./load-files.ts";

const SOURCE = (name: string) => `import { defineScenario, defineUser, task } from "rampart/load";
export default defineScenario({ name: "${name}", userClasses: [defineUser({ name: "${name}", tasks: [task("t", async () => {})] })] });
`;

let directory = "";
let server: Server;
let url = "";

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "rampart-files-"));
  // Downloads go there, and with it.
  vi.stubEnv("TMPDIR", join(directory, ".downloads"));
  mkdirSync(join(directory, ".downloads"));
  for (const name of ["a", "b"]) writeFileSync(join(directory, `${name}.ts`), SOURCE(name));
  server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://x");
    if (pathname === "/w/web.ts" || pathname === "/raw") response.end(SOURCE("Web"));
    else if (pathname === "/page")
      response.writeHead(200, { "content-type": "text/html" }).end("<html></html>");
    else if (pathname === "/long.ts") response.end("/".repeat(1024 * 1024 + 1));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A listening TCP server's address is never a pipe name.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

describe("-f of rampart load", () => {
  it("takes a folder, a list and an address together, each file once", async () => {
    const a = join(directory, "a.ts");
    const list = await scenarioFilesAsked(`${a},${url}/w/web.ts,${directory}`);
    const { scenario } = await loadScenario(list);
    expect(scenario.name).toBe("a");
    expect(scenario.userClasses.map(({ name }) => name)).toEqual(["a", "Web", "b"]);
  });

  it("downloads a file whose address has no ending, without its query in the name", async () => {
    const file = await scenarioFilesAsked(`${url}/raw?token=secret`);
    expect(file).toMatch(/raw\.ts$/);
    expect(existsSync(file)).toBe(true);
    expect(readFileSync(file, "utf8")).toBe(SOURCE("Web"));
  });

  it.each([
    ["/none.ts", "RMP_LOAD_SCENARIO_NOT_FOUND", /answers 404/],
    ["/page", "RMP_LOAD_SCENARIO_INVALID", /web page/],
    ["/w/locustfile.py", "RMP_LOAD_SCENARIO_INVALID", /Python/],
    ["/long.ts", "RMP_LOAD_SCENARIO_INVALID", /longer than/],
  ])("says what is wrong with %s", async (path, code, message) => {
    const error: unknown = await scenarioFilesAsked(`${url}${path}?key=secret`).catch(
      (caught: unknown) => caught,
    );
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(String(error)).not.toContain("secret");
  });

  it("says that nobody answers", async () => {
    await expect(scenarioFilesAsked("http://127.0.0.1:1/a.ts")).rejects.toMatchObject({
      code: "RMP_NET_UNREACHABLE",
    });
  });
});
