/** What `rampart overhead` does: measures what a gateway adds, prints it, judges it when a bound is given. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { overheadText, runOverhead } from "#lab";
import { EXIT, RampartError } from "#shared";

/** Flags of `rampart overhead`. */
export interface OverheadFlags {
  readonly gateway: string;
  readonly direct: string;
  readonly header: Record<string, string>;
  readonly directHeader: Record<string, string>;
  readonly bodies?: string;
  readonly users: number;
  readonly time: number;
  readonly warmUp: number;
  readonly pid?: number;
  readonly maxAdded?: number;
  readonly json?: string;
}

/** Measures and prints. @returns 0, 98 without enough answers, 99 when more is added than `--max-added` allows */
export async function overhead(flags: OverheadFlags): Promise<number> {
  const bodies = flags.bodies === undefined ? null : await readBodies(flags.bodies);
  const report = await runOverhead({
    through: { url: checkedUrl(flags.gateway, "gateway"), headers: flags.header },
    direct: { url: checkedUrl(flags.direct, "direct"), headers: flags.directHeader },
    body: (pair) => (bodies === null ? chatBody(pair) : (bodies[pair % bodies.length] ?? "")),
    users: flags.users,
    durationSec: flags.time,
    warmUpSec: flags.warmUp,
    ...(flags.pid === undefined ? {} : { pid: flags.pid }),
  });
  process.stdout.write(`${overheadText(report)}\n`);
  if (flags.json !== undefined) {
    await mkdir(dirname(flags.json), { recursive: true });
    await writeFile(flags.json, `${JSON.stringify(report)}\n`);
  }
  if (report.estimate === null) return EXIT.invalid;
  const { p50 } = report.estimate.added;
  if (flags.maxAdded === undefined || p50.ms <= flags.maxAdded) return EXIT.done;
  process.stdout.write(`\nFAIL  the median adds ${p50.ms.toFixed(3)} ms, allowed are ${flags.maxAdded} ms\n`);
  return EXIT.failed;
}

/** A chat with personal data in it that was not sent before: no cache can answer it. */
function chatBody(pair: number): string {
  const content =
    `Please write to customer ${pair}, Maria Lopez, maria.lopez${pair}@example.com, that her order has left our ` +
    `warehouse; she can be reached at +1 415 555 ${String(1000 + (pair % 9000))} until six in the evening.`;
  return JSON.stringify({ model: "gpt-4", messages: [{ role: "user", content }] });
}

/** @throws RMP_CONFIG_NOT_FOUND, RMP_CONFIG_INVALID naming the line that is no JSON */
async function readBodies(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch((cause) => {
    throw new RampartError("RMP_CONFIG_NOT_FOUND", `${path} cannot be read`, { cause, field: "bodies" });
  });
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  for (const [index, line] of lines.entries()) {
    try {
      JSON.parse(line);
    } catch (cause) {
      throw new RampartError("RMP_CONFIG_INVALID", `${path}: line ${index + 1} is no JSON`, {
        cause,
        field: "bodies",
      });
    }
  }
  if (lines.length === 0)
    throw new RampartError("RMP_CONFIG_INVALID", `${path} holds no body`, { field: "bodies" });
  return lines;
}

function checkedUrl(text: string, field: string): string {
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  throw new RampartError("RMP_CLI_USAGE", `--${field}: expected a http or https URL`, { field });
}
