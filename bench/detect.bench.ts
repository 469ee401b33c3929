/**
 * What does detection cost? CPU microseconds per kilobyte of clean prose, per chat request (in a loop, and between other
 * work on texts not seen before), per prompt; beside other packages when they are installed; start-up; time
 * against length on adversarial inputs. `npm run --silent bench -- detect --json`; `--no-linearity` leaves the last part
 * out. Every figure comes from a fresh process on the built library, in two passes of opposite order.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const CASES = [
  "start",
  "structured",
  "default",
  "chat",
  "chatInPlace",
  "anonymise",
  "injection",
  "grounding",
  "redact-pii",
  "guardrails",
];
/** Peers measured when they are installed: `npm ci --ignore-scripts --prefix bench/peers/detect`. */
const PEERS = ["redact-pii", "@openai/guardrails"];
/** Bounds of the requirements, in the unit of the figure. */
const BUDGETS: Readonly<Record<string, number>> = {
  structured: 6,
  default: 25,
  chat: 25,
  injection: 25,
  grounding: 80,
};

interface Measured {
  readonly median: number;
  readonly rounds: readonly number[];
}

/** Runs the benchmark; the object holds medians, raw rounds, ratios against peers and what is missing. */
export async function run(args: string[]): Promise<object> {
  execFileSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { cwd: root, stdio: ["ignore", 2, 2] });
  const raw: Record<string, (Measured | Record<string, number> | null)[]> = {};
  for (const pass of [CASES, CASES.toReversed()]) {
    for (const name of pass) {
      process.stderr.write(`detect: ${name}\n`);
      (raw[name] ??= []).push(inFreshProcess(name));
    }
  }
  const cpuUs: Record<string, number> = {};
  for (const name of CASES) {
    const rounds = (raw[name] ?? []).flatMap((entry) => (isMeasured(entry) ? entry.rounds : []));
    if (rounds.length > 0) cpuUs[name] = rounds.toSorted((a, b) => a - b)[rounds.length >> 1]!;
  }
  const missing = PEERS.filter(
    (peer) => !existsSync(`${root}bench/peers/detect/node_modules/${peer}/package.json`),
  );
  const structured = cpuUs["structured"];
  const ratioTo = (name: string, peer: string) => {
    const cost = cpuUs[peer];
    return structured !== undefined && cost !== undefined ? { [name]: structured / cost } : {};
  };
  return {
    bench: "detect",
    unit: "CPU µs per KB (structured, default, redact-pii, guardrails) or per item; chatInPlace: µs of the clock, cold caches",
    cpuUs,
    budgets: BUDGETS,
    withinBudget: Object.fromEntries(
      Object.entries(BUDGETS).map(([name, bound]) => [
        name,
        (cpuUs[name] ?? Number.POSITIVE_INFINITY) <= bound,
      ]),
    ),
    ratios: {
      ...ratioTo("structured_vs_redact_pii", "redact-pii"),
      ...ratioTo("structured_vs_guardrails", "guardrails"),
    },
    start: raw["start"],
    missingPeers: missing,
    ...(args.includes("--no-linearity") ? {} : { linearity: inFreshProcess("linearity") }),
    raw,
  };
}

function inFreshProcess(name: string): Measured | Record<string, number> | null {
  const worker = `${root}bench/detect/worker.mjs`;
  const printed = execFileSync(process.execPath, [worker, name], { cwd: root, stdio: ["ignore", "pipe", 2] });
  return JSON.parse(printed.toString("utf8"));
}

function isMeasured(entry: unknown): entry is Measured {
  return typeof entry === "object" && entry !== null && "rounds" in entry;
}
