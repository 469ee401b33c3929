import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "../fixtures/free-port.ts";
import { type Running, start, temporaryFolder } from "./rampart-process.ts";

/** Debian's Chromium; a missing one is a skip on a bare machine and a failure in CI. */
const CHROMIUM = "/usr/bin/chromium";
const isWanted = existsSync(CHROMIUM) || process.env["CI"] === "true";

const folder = temporaryFolder();
let up: Running;
let browser: Browser;
let origin: string;

/** Opens a page and gathers what a user would find broken: script errors, failed and outside requests. */
async function open(path: string): Promise<{ page: Page; troubles: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1240, height: 1000 } });
  const troubles: string[] = [];
  page.on("pageerror", (error) => troubles.push(error.message));
  page.on("console", (message) => message.type() === "error" && troubles.push(message.text()));
  page.on("request", (request) => {
    if (!request.url().startsWith(origin) && !/^(?:data|blob):/.test(request.url()))
      troubles.push(request.url());
  });
  await page.goto(`${origin}${path}`);
  return { page, troubles };
}

describe.skipIf(!isWanted)("the pages in a browser", () => {
  beforeAll(async () => {
    const [gateway, mock, lab] = [await freePort(), await freePort(), await freePort()].map(String);
    up = start(
      ["up", "--gateway-port", gateway ?? "", "--mock-port", mock ?? "", "--lab-port", lab ?? ""],
      folder.path,
    );
    await up.prints("Ctrl-C stops everything.");
    origin = `http://127.0.0.1:${lab}`;
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        "--no-sandbox",
        "--disable-quic",
        "--disable-background-networking",
        "--disable-component-update",
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
    up?.process.kill("SIGTERM");
    await up?.finished;
    folder.remove();
  });

  it("start a run from the form, follow it live and open its report", async () => {
    const { page, troubles } = await open("/");
    await page.getByLabel("Scenario").selectOption("light");
    await page.getByLabel("Duration, seconds").fill("4");
    await page.getByLabel("Host").fill(new URL("/gateway", origin).href);
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator("canvas").first().waitFor();
    await page.getByRole("tab", { name: "Statistics" }).click();
    await page.getByText("Aggregated").waitFor();
    await page.getByRole("link", { name: "Open report" }).click({ timeout: 30_000 });
    await page.getByRole("heading", { name: "Requests", exact: true }).waitFor();
    expect(await page.locator("canvas").count()).toBeGreaterThanOrEqual(4);
    expect(await page.locator("h1").textContent()).toBe("light");
    expect(troubles).toEqual([]);
  });

  it("show which span of a text matched and why", async () => {
    const { page, troubles } = await open("/#playground");
    await page.getByRole("button", { name: "Inspect" }).click();
    await page.getByText("EMAIL_ADDRESS").first().waitFor();
    expect(await page.locator("mark").count()).toBeGreaterThanOrEqual(3);
    expect(await page.getByText(/injection: (?:medium|high|critical)/).count()).toBe(1);
    expect(troubles).toEqual([]);
  });

  it.each([
    ["archive", "Runs"],
    ["gateway", "Routes"],
  ])("show the page %s without errors", async (id, heading) => {
    const { page, troubles } = await open(`/#${id}`);
    await page.getByRole("heading", { name: heading, exact: true }).waitFor();
    expect(troubles).toEqual([]);
  });
});
