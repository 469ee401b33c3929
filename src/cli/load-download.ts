import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { RampartError } from "#shared";
import { temporaryFolder } from "./temporary-folder.ts";

/** Longest scenario taken from the web, bytes: source files of people are far smaller. */
const MAX_BYTES = 1024 * 1024;
const TIMEOUT_MS = 30_000;

/**
 * Downloads a scenario file into a folder that lives as long as this process. The file stands alone there: it can
 * import packages, but no neighbours.
 * @returns its path
 * @throws RMP_NET_UNREACHABLE, RMP_LOAD_SCENARIO_NOT_FOUND, RMP_LOAD_SCENARIO_INVALID
 */
export async function downloadScenario(address: string): Promise<string> {
  const url = parse(address);
  const name = nameOf(url);
  // What stands in an address beside host and path may be secret.
  const shown = `${url.origin}${url.pathname}`;
  const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new RampartError("RMP_NET_UNREACHABLE", `--locustfile: ${shown} cannot be fetched`, {
      cause,
      field: "locustfile",
    });
  });
  if (!response.ok)
    throw new RampartError(
      "RMP_LOAD_SCENARIO_NOT_FOUND",
      `--locustfile: ${shown} answers ${response.status}; give the address of the file itself`,
      { field: "locustfile" },
    );
  if (/^text\/html\b/i.test(response.headers.get("content-type") ?? ""))
    throw invalid(`${shown} is a web page; give the address of the plain file`);
  const file = join(temporaryFolder(), name);
  writeFileSync(file, await textOf(response, shown));
  return file;
}

function parse(address: string): URL {
  try {
    return new URL(address);
  } catch {
    throw invalid("the web address cannot be read; expected http(s)://host/path/file.ts");
  }
}

function nameOf(url: URL): string {
  const name = basename(url.pathname).replace(/[^\w.-]/g, "-");
  if (/\.py$/i.test(name))
    throw invalid(`${name} is a Python locustfile; give a TypeScript or JavaScript scenario`);
  return /\.[cm]?[jt]s$/.test(name) ? name : `${name === "" ? "scenario" : name}.ts`;
}

async function textOf(response: Response, shown: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw invalid(`${shown} is longer than ${MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function invalid(problem: string): RampartError {
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `--locustfile: ${problem}`, { field: "locustfile" });
}
