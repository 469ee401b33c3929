/**
 * Message `locustfile`: a worker without a scenario asks its master for the source. To Locust's fields come a shared
 * token's proofs, so that the source goes only to who knows it and only such a master's code is run.
 */
import { createHash } from "node:crypto";
import { RampartError } from "#shared";
import { recordOf } from "./message.ts";
import { isProof, proofOf } from "./peer-protocol.ts";
import type { ScenarioSource, SourceFile } from "./scenario-source.ts";

/** Type of the question and of its answer (Locust's). */
export const LOCUSTFILE = "locustfile";

/** A worker's question. @param nonce random text; the answer proves that it is one to this question */
export function askForSource(token: string, nonce: string, nodeId: string): Record<string, unknown> {
  return { version: "rampart", rampart: { nonce, proof: proofOf(token, "source-request", nonce, nodeId) } };
}

/**
 * A master's answer.
 * @param read the source; what it throws is told as the error
 */
export function answerSource(
  question: unknown,
  from: string,
  token: string,
  read: () => ScenarioSource,
): Record<string, unknown> {
  const asked = recordOf(recordOf(question)?.["rampart"]);
  if (asked === null)
    return {
      error:
        "this master's scenario is not Python: give the worker a locustfile with classes of the same names",
    };
  const { nonce, proof } = asked;
  if (typeof nonce !== "string" || typeof proof !== "string") return { error: "the question cannot be read" };
  if (!isProof(proof, proofOf(token, "source-request", nonce, from)))
    return { error: "the token of the worker is another one", rampart: { refused: true } };
  try {
    const { files, scenarios } = read();
    const proven = proofOf(token, "source", nonce, digestOf(files, scenarios));
    return { locustfiles: files, rampart: { scenarios, proof: proven } };
  } catch (error) {
    return { error: error instanceof Error ? error.message : "the scenario cannot be read" };
  }
}

/**
 * The source in an answer.
 * @throws RMP_LOAD_TOKEN_REFUSED, RMP_LOAD_SCENARIO_INVALID for a Locust master's Python and for what cannot be read
 */
export function readSource(answer: unknown, token: string, nonce: string): ScenarioSource {
  const { error, locustfiles, rampart } = recordOf(answer) ?? {};
  const ours = recordOf(rampart);
  if (ours?.["refused"] === true) throw refused("the master refused this worker's token");
  if (typeof error === "string") throw invalid(`the master gives no scenario: ${error}`);
  const entries: readonly unknown[] = Array.isArray(locustfiles) ? locustfiles : [];
  const python = entries.map(nameOf).find((name) => /\.py\b/i.test(name));
  if (python !== undefined)
    throw invalid(
      `the master is Locust's and gives ${python}, which is Python: give this worker a scenario file with user classes of the same names`,
    );
  const scenarios = ours?.["scenarios"];
  const files = entries.map(fileOf);
  if (!Array.isArray(scenarios) || scenarios.length === 0 || files.includes(null))
    throw invalid("the master's answer cannot be read");
  const names = scenarios.map(String);
  const whole = files.filter((file) => file !== null);
  if (!names.every((name) => whole.some(({ filename }) => filename === name)))
    throw invalid("the master's answer lacks a scenario file");
  if (!isProof(String(ours?.["proof"]), proofOf(token, "source", nonce, digestOf(whole, names))))
    throw refused("the master does not know this worker's token");
  return { files: whole, scenarios: names };
}

function nameOf(entry: unknown): string {
  return typeof entry === "string" ? entry : String(recordOf(entry)?.["filename"] ?? "");
}

/** Null for what is no file, or would lie outside its folder. */
function fileOf(entry: unknown): SourceFile | null {
  const { filename, contents } = recordOf(entry) ?? {};
  if (typeof filename !== "string" || typeof contents !== "string") return null;
  const isInside = filename.split("/").every((part) => !/^(?:|\.{1,2}|node_modules)$|[\\:\0]/.test(part));
  return isInside ? { filename, contents } : null;
}

function digestOf(files: readonly SourceFile[], scenarios: readonly string[]): string {
  const facts = [files.map(({ filename, contents }) => [filename, contents]), scenarios];
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

function refused(why: string): RampartError {
  return new RampartError("RMP_LOAD_TOKEN_REFUSED", why, { field: "token" });
}

function invalid(why: string): RampartError {
  return new RampartError("RMP_LOAD_SCENARIO_INVALID", `-f -: ${why}`, { field: "locustfile" });
}
