import { describe, expect, it } from "vitest";
import { Recorder } from "../stats/recorder.ts";
import { decodeMessage, encodeMessage } from "./codec.ts";
import { readWorkerReport } from "./worker-report.ts";

function createReport() {
  const recorder = new Recorder("w", { startedAtMs: 0, epochOffsetMs: 1e12 });
  recorder.request("GET", "/a", 10, 12, 40.5, 100);
  recorder.failure("GET", "/a", "timeout", "took too long", 40.5);
  recorder.exception("TypeError: x", "at y");
  recorder.check("is fine", false);
  recorder.metric("gauge", "depth", -3, "m", 50);
  recorder.metric("trend", "wait", 4, "ms", 60);
  recorder.lag(1.25);
  const [delta] = recorder.takeAll();
  return {
    run: "1",
    report: {
      workerId: "w",
      seq: 4,
      delta: delta!,
      users: 2,
      usersByClass: { A: 2 },
      cpuPercent: 12.5,
      memoryBytes: 1e9,
      eventLoopDelayP99Ms: 0.5,
    },
  };
}

const travel = (data: unknown) =>
  decodeMessage(encodeMessage({ type: "rampart_report", data, nodeId: "w" }))?.data;

describe("a worker's report", () => {
  it("arrives as it was sent", () => {
    const sent = createReport();
    expect(readWorkerReport(travel(sent))).toEqual(sent);
  });

  it.each([
    ["seq", (report: Record<string, unknown>) => (report["seq"] = "4")],
    ["users", (report: Record<string, unknown>) => (report["users"] = -1)],
    ["delta", (report: Record<string, unknown>) => (report["delta"] = null)],
    ["usersByClass", (report: Record<string, unknown>) => (report["usersByClass"] = { A: Number.NaN })],
    ["family", (report: Record<string, unknown>) => spoil(report, "errors", "family", "cosmic")],
    ["kind", (report: Record<string, unknown>) => spoil(report, "metrics", "kind", "spell")],
    ["buckets", (report: Record<string, unknown>) => spoil(report, "requests", "fromDue", { count: 1 })],
  ])("is refused with a wrong %s", (_field, change) => {
    const sent = structuredClone(createReport());
    // The test spoils a copy on purpose, field by field.
    change(sent.report as unknown as Record<string, unknown>);
    expect(readWorkerReport(travel(sent))).toBeNull();
  });
});

/** Puts a wrong value into the first item of a list of the delta. */
function spoil(report: Record<string, unknown>, list: string, key: string, value: unknown): void {
  const delta = report["delta"] as Record<string, Record<string, unknown>[]>;
  delta[list]![0]![key] = value;
}
