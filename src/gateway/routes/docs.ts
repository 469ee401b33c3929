import type { Exchange } from "../exchange.ts";
import { answerJson, answerText } from "./answer-json.ts";
import type { OpenApiDocument, OpenApiOperation } from "./openapi.ts";

type Document = (version: string) => OpenApiDocument;

/** `GET /openapi.json`. */
export function openApi(exchange: Exchange, document: Document): void {
  answerJson(exchange, document(exchange.context.version));
}

/** `GET /docs`: the same document as a page that needs nothing from elsewhere. */
export function apiPage(exchange: Exchange, document: Document): void {
  answerText(exchange, page(document(exchange.context.version)), "text/html; charset=utf-8");
}

function page(document: OpenApiDocument): string {
  const byTag = new Map<string, string[]>();
  for (const [path, operations] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(operations)) {
      const tag = operation.tags[0] ?? "";
      byTag.set(tag, [...(byTag.get(tag) ?? []), entry(method, path, operation)]);
    }
  const sections = [...byTag].map(([tag, entries]) => `<h2>${escapeHtml(tag)}</h2>\n${entries.join("\n")}`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(document.info.title)}</title>
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
summary { cursor: pointer; padding: .35rem 0; } code { font-size: .95em; }
details { border-bottom: 1px solid color-mix(in srgb, currentColor 15%, transparent); }
.method { display: inline-block; min-width: 3.4rem; font-weight: 600; }
table { border-collapse: collapse; margin: .5rem 0 1rem; } td, th { text-align: left; padding: .2rem .8rem .2rem 0; vertical-align: top; }
pre { overflow-x: auto; padding: .6rem; background: color-mix(in srgb, currentColor 7%, transparent); border-radius: 6px; }
</style></head><body>
<h1>${escapeHtml(document.info.title)} <small>${escapeHtml(document.info.version)}</small></h1>
<p>${escapeHtml(document.info.description)} The same as <a href="/openapi.json">OpenAPI document</a>.</p>
${sections.join("\n")}
</body></html>
`;
}

function entry(method: string, path: string, operation: OpenApiOperation): string {
  const properties = propertiesOf(operation.requestBody);
  const rows = Object.entries(properties).map(
    ([name, { type, description }]) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(type ?? "")}</td><td>${escapeHtml(description ?? "")}</td></tr>`,
  );
  const [first] = Object.keys(properties);
  const data =
    operation.requestBody === undefined
      ? ""
      : ` -d '${first === undefined ? "{…}" : JSON.stringify({ [first]: "…" })}'`;
  const verb = method.toUpperCase();
  return `<details><summary><span class="method">${verb}</span> <code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}</summary>
${rows.length === 0 ? "" : `<table>${rows.join("")}</table>`}
<pre>curl${verb === "GET" ? "" : ` -X ${verb}`} http://localhost:8000${escapeHtml(path + data)}</pre></details>`;
}

interface Property {
  readonly type?: string;
  readonly description?: string;
}

function propertiesOf(body: object | undefined): Readonly<Record<string, Property>> {
  // The document is made in this room: a JSON body's schema stands here, when there is a body.
  const { content } = (body ?? {}) as {
    content?: Record<string, { schema?: { properties?: Record<string, Property> } }>;
  };
  return content?.["application/json"]?.schema?.properties ?? {};
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
