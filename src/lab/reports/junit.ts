import type { RunResult, RunVerdict } from "#contract";
import { durationSec } from "../results/select.ts";

/** A judged run. */
export interface JudgedRun {
  readonly result: RunResult;
  readonly verdict: RunVerdict;
}

/**
 * JUnit XML of judged runs for CI: one suite per run, one case per target row; a broken row is a failure, a row not
 * measured is skipped, an invalid run has an error in its first case.
 */
export function junitXml(runs: readonly JudgedRun[]): string {
  const suites = runs.map(suite);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

function suite({ result, verdict }: JudgedRun): string {
  const { name } = result.scenario;
  const failed = verdict.rows.filter((row) => row.outcome === "fail").length;
  const skipped = verdict.rows.filter((row) => row.outcome === "not-measured").length;
  const scenarioFailures = result.scenarioFailures ?? [];
  const isInvalid = verdict.outcome === "INVALID";
  const own =
    scenarioFailures.length > 0
      ? [element("failure", scenarioFailures.join("\n"), "the scenario failed the run")]
      : isInvalid
        ? [element("error", verdict.reasons.join("\n"), "the run is invalid")]
        : [];
  const cases = verdict.rows.map((row) => {
    const text = `${row.measuredText}, wanted ${row.bound} (${row.source})`;
    const children =
      row.outcome === "fail"
        ? [element("failure", text, `${row.label}: ${row.measuredText}`)]
        : row.outcome === "not-measured"
          ? [element("skipped", "", row.measuredText)]
          : [element("system-out", row.outcome === "warn" ? `warning: ${text}` : text)];
    return testCase(name, `${row.id}: ${row.label}`, children);
  });
  const attributes = [
    attribute("name", name),
    attribute("tests", String(verdict.rows.length + 1)),
    attribute("failures", String(failed + (scenarioFailures.length > 0 ? 1 : 0))),
    attribute("errors", isInvalid ? "1" : "0"),
    attribute("skipped", String(skipped)),
    attribute("time", durationSec(result).toFixed(3)),
    attribute("timestamp", new Date(result.startedAtMs).toISOString().slice(0, 19)),
  ].join(" ");
  return `<testsuite ${attributes}>\n${testCase(name, "the run is valid and its scenario holds", own)}${cases.join("")}</testsuite>\n`;
}

function testCase(suiteName: string, name: string, children: readonly string[]): string {
  const open = `  <testcase ${attribute("classname", suiteName)} ${attribute("name", name)}`;
  return children.length === 0 ? `${open}/>\n` : `${open}>${children.join("")}</testcase>\n`;
}

function element(tag: string, text: string, message?: string): string {
  const attributes = message === undefined ? "" : ` ${attribute("message", message)}`;
  return text === "" ? `<${tag}${attributes}/>` : `<${tag}${attributes}>${escapeXml(text)}</${tag}>`;
}

function attribute(name: string, value: string): string {
  return `${name}="${escapeXml(value)}"`;
}

/** Escapes markup and drops the control characters that XML 1.0 cannot hold (section 2.2). */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "")
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
