/**
 * The gateway with its defaults: personal data, injection, metrics. `FULL=1` adds limits per customer and the audit log, as in
 * front of real traffic.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGuard } from "#backends";
import { createGateway } from "#gateway";
import { answerCpu, tell } from "./control.mjs";

const baseUrl = process.env["UPSTREAM"] ?? "";
const providers = { openai: { baseUrl }, anthropic: { baseUrl } };
/** Bounds that no round reaches; every one of them is counted. */
const LIMITS = {
  proxy: {
    requestsPerMinute: 1_000_000,
    requestsPerHour: 10_000_000,
    tokensPerMinute: 1_000_000_000,
    concurrency: 10_000,
  },
};
const dir = process.env["FULL"] === "1" ? mkdtempSync(join(tmpdir(), "rampart-bench-")) : null;
if (dir !== null) process.on("exit", () => rmSync(dir, { recursive: true, force: true }));
const gateway = createGateway({
  config: dir === null ? { port: 0, providers } : { port: 0, providers, audit: { dir }, limits: LIMITS },
  guard: createGuard(),
  version: "bench",
});
const { port } = await gateway.listen();
tell({ kind: "listening", port });
answerCpu();
