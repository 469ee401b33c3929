import { describe, expect, it } from "vitest";
import { Exposition } from "./exposition.ts";
import { exposeFamilies, familiesToJson, type MetricFamily } from "./family.ts";

const FAMILIES: readonly MetricFamily[] = [
  { name: "rampart_waiters", type: "gauge", help: "Waiters.", samples: [{ value: 3 }] },
  {
    name: "rampart_hits_total",
    type: "counter",
    help: "Hits.",
    samples: [
      { value: 1, labels: { level: "l1" } },
      { value: 2, labels: { level: "l2" } },
    ],
  },
  { name: "rampart_none_total", type: "counter", help: "Nothing yet.", samples: [] },
];

describe("metric families", () => {
  it("are numbers and objects by label in the JSON form", () => {
    expect(familiesToJson(FAMILIES)).toEqual({ waiters: 3, hits_total: { l1: 1, l2: 2 }, none_total: {} });
  });

  it("have help, type and samples in the text form", () => {
    const out = new Exposition();
    exposeFamilies(out, FAMILIES);
    expect(out.toString()).toContain('# TYPE rampart_hits_total counter\nrampart_hits_total{level="l1"} 1\n');
    expect(out.toString()).toContain("rampart_waiters 3\n");
  });
});
