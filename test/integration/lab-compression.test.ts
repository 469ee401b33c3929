import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { createLabServer } from "#lab";

const folder = mkdtempSync(join(tmpdir(), "rampart-pages-"));
const CONSOLE = `<!doctype html><title>console</title>${"<p>row</p>".repeat(500)}`;
const REPORT = `<!doctype html><title>report</title>${"<p>figure</p>".repeat(9_000)}`;
mkdirSync(join(folder, "reports"));
writeFileSync(join(folder, "console.html"), CONSOLE);
writeFileSync(join(folder, "reports", "one.html"), REPORT);
writeFileSync(join(folder, "reports", "one.run.json.gz"), Buffer.alloc(4096, 1));

const lab = createLabServer({
  resultsDirectory: join(folder, "results"),
  reportsDirectory: join(folder, "reports"),
  uiDirectory: folder,
  gatewayUrl: "http://127.0.0.1:1",
});
const { url } = await lab.listen({ port: 0 });
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

interface Raw {
  readonly status: number | undefined;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
}

function get(path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Raw> {
  return new Promise((resolve, reject) => {
    request(`${url}${path}`, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () =>
        resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on("error", reject)
      .end();
  });
}

describe("compression of the lab's pages", () => {
  it.each([
    ["/", CONSOLE],
    ["/reports/one.html", REPORT],
  ])("%s is sent compressed to those who take it", async (path, page) => {
    const plain = await get(path);
    expect(plain.body.toString()).toBe(page);
    expect(plain.headers).toMatchObject({ vary: "accept-encoding" });
    const packed = await get(path, { "accept-encoding": "gzip" });
    expect(packed.headers).toMatchObject({ "content-encoding": "gzip" });
    expect(packed.body.length).toBeLessThan(page.length / 5);
    expect(gunzipSync(packed.body).toString()).toBe(page);
  });

  it("leaves alone what is compressed already, a part of a file, an error, and an answer without a body", async () => {
    const gzip = { "accept-encoding": "gzip, br" };
    expect((await get("/reports/one.run.json.gz", gzip)).body).toEqual(Buffer.alloc(4096, 1));
    const part = await get("/reports/one.html", { ...gzip, range: "bytes=0-1999" });
    expect(part).toMatchObject({ status: 206, body: Buffer.from(REPORT.slice(0, 2000)) });
    const missing = await get("/nowhere", gzip);
    expect(JSON.parse(missing.body.toString())).toMatchObject({ error: { code: "RMP_ROUTE_NOT_FOUND" } });
    const head = await get("/reports/one.html", gzip, "HEAD");
    expect(head.headers).toMatchObject({ "content-length": String(REPORT.length) });
  });
});
