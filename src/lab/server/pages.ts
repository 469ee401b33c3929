import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { escapeHtml } from "../reports/format.ts";
import type { LabServices } from "./lab-services.ts";

/** Adds the console at `/` and the files of the reports folder at `/reports/`. */
export async function addPages(server: FastifyInstance, services: LabServices): Promise<void> {
  server.get("/", async (_request, reply) => {
    const page = await readFile(join(services.uiDirectory, "console.html")).catch(() => null);
    return reply.type("text/html; charset=utf-8").send(page ?? (await plainPage(services)));
  });
  await server.register(fastifyStatic, {
    root: services.reportsDirectory,
    prefix: "/reports/",
    serveDotFiles: false,
    index: false,
    // Reports carry their scripts inline; they need nothing of this origin.
    setHeaders: (response) => {
      response.header("content-security-policy", "sandbox allow-scripts allow-downloads");
    },
  });
}

/** What is served where the console was not built: the archive and the way to start a run. */
async function plainPage(services: LabServices): Promise<string> {
  const runs = await services.archive.list(50);
  const rows = runs.map(
    (run) =>
      `<tr><td><a href="api/runs/${encodeURIComponent(run.id)}/report.html">${escapeHtml(run.id)}</a></td>` +
      `<td>${escapeHtml(run.outcome ?? "not judged")}</td><td>${run.requestsPerSec.toFixed(1)}/s</td></tr>`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Rampart lab</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui;margin:2rem auto;max-width:60rem}</style>
<h1>Rampart lab</h1><p>State: ${escapeHtml(services.session.state.state)}. The console was not built; run
<code>npm run build</code>. A run starts with <code>rampart load light</code>.</p>
<table><tr><th>Run</th><th>Verdict</th><th>Rate</th></tr>${rows.join("")}</table></html>`;
}
