import type { CoveragePoint, ReportBand, ReportChart } from "#contract";

/** Most points the chart carries. */
const MAX_POINTS = 1200;

/** Load asked for and delivered, when workers on other machines made it; otherwise nothing. */
export function coverageCharts(
  coverage: readonly CoveragePoint[],
  bands: readonly ReportBand[],
): readonly ReportChart[] {
  if (coverage.length === 0) return [];
  const step = Math.max(1, Math.ceil(coverage.length / MAX_POINTS));
  const shown = coverage.filter((_, index) => index % step === 0);
  return [
    {
      id: "coverage",
      title: "Delivered load",
      caption:
        "Users asked for and users that workers reported, second by second; the gap is what lost workers took along.",
      kind: "line",
      xUnit: "s",
      unit: "users",
      rightUnit: "workers",
      x: shown.map(({ tSec }) => tSec),
      series: [
        { label: "Asked", role: "neutral", values: shown.map(({ askedUsers }) => askedUsers), axis: "left" },
        { label: "Delivered", role: "users", values: shown.map(({ users }) => users), axis: "left" },
        { label: "Workers", role: "rate", values: shown.map(({ workers }) => workers), axis: "right" },
      ],
      bands,
      bounds: [],
    },
  ];
}
