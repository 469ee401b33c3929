import { describe, expect, it } from "vitest";
import { FullHistory } from "./full-history.ts";
import { Histogram } from "./histogram.ts";
import type { NamedSecond } from "./second.ts";

function named(latencyMs: number, requests: number, failures = 0): NamedSecond {
  const histogram = new Histogram();
  histogram.record(latencyMs * 1000, requests);
  const data = histogram.toData();
  return { requests, failures, bodyBytes: 10 * requests, fromDue: [data], fromSent: [data] };
}

describe("FullHistory", () => {
  it("has a row per name and second, the total last, as Locust orders them", () => {
    const history = new FullHistory();
    history.add(0, new Map([["POST\n/b", named(10, 1)]]));
    history.add(
      1,
      new Map([
        ["GET\n/b", named(30, 2, 1)],
        ["GET\n/a", named(20, 1)],
      ]),
    );
    expect(history.rows.map((row) => `${row.tSec} ${row.method} ${row.name} ${row.requests}`)).toEqual([
      "0 POST /b 1",
      "0  Aggregated 1",
      "1 GET /a 1",
      "1 GET /b 2",
      "1 POST /b 1",
      "1  Aggregated 4",
    ]);
    expect(history.rows.at(-1)).toMatchObject({
      failures: 1,
      bodyBytes: 40,
      minMs: 10,
      maxMs: 30,
      meanMs: 22.5,
    });
  });

  it("takes percentiles of the last ten seconds and rates of ten seconds that ended two ago", () => {
    const history = new FullHistory();
    const busy = (tSec: number) => new Map([["GET\n/", named(tSec < 5 ? 1000 : 10, 4)]]);
    for (let tSec = 0; tSec < 30; tSec += 1) history.add(tSec, tSec < 20 ? busy(tSec) : new Map());
    const total = (tSec: number) =>
      history.rows.findLast((row) => row.tSec === tSec && row.name === "Aggregated");
    expect(total(0)).toMatchObject({
      requestsPerSec: 0,
      recentPercentilesMs: expect.arrayContaining([1000]),
    });
    expect(total(15)).toMatchObject({ requestsPerSec: 4, maxMs: 1000, medianMs: expect.closeTo(10, 1) });
    expect(Math.max(...total(15)!.recentPercentilesMs!)).toBe(10);
    expect(total(29)).toMatchObject({ requests: 80, recentPercentilesMs: null });
  });
});
