import { createColors } from "picocolors";
import type { RunVerdict, TargetRowVerdict } from "#contract";

const MARKS: Readonly<Record<TargetRowVerdict["outcome"], string>> = {
  pass: "PASS",
  fail: "FAIL",
  warn: "WARN",
  "not-measured": "  - ",
};

/** Options of {@link verdictText}. */
export interface VerdictTextOptions {
  readonly isColor: boolean;
  /** Width of the terminal, characters. Default 110. */
  readonly width?: number;
}

/**
 * The verdict as a table for the terminal: what failed first, then warnings, passes, rows not measured, each with
 * figure, bound and source; last the outcome with its reasons.
 */
export function verdictText(verdict: RunVerdict, options: VerdictTextOptions): string {
  const colors = createColors(options.isColor);
  const paint = {
    pass: colors.green,
    fail: (text: string) => colors.bold(colors.red(text)),
    warn: colors.yellow,
    "not-measured": colors.dim,
  } as const;
  const width = options.width ?? 110;
  const measuredWidth = widest(verdict.rows, (row) => row.measuredText, 8, 34);
  const boundWidth = widest(verdict.rows, (row) => row.bound, 5, 22);
  const labelWidth = widest(
    verdict.rows,
    (row) => row.label,
    6,
    Math.max(24, width - measuredWidth - boundWidth - 12),
  );
  const order: readonly TargetRowVerdict["outcome"][] = ["fail", "warn", "pass", "not-measured"];
  const lines = order.flatMap((outcome) =>
    verdict.rows
      .filter((row) => row.outcome === outcome)
      .flatMap((row) => {
        const isLong = row.measuredText.length > measuredWidth;
        const measured = isLong ? "" : row.measuredText;
        const text = `${clip(row.label, labelWidth)}  ${measured.padStart(measuredWidth)}  ${row.bound.padEnd(boundWidth)}`;
        const own = `${paint[outcome](MARKS[outcome])}  ${outcome === "not-measured" ? colors.dim(text) : text}`;
        const extra = [
          ...(isLong ? [row.measuredText] : []),
          ...(outcome === "fail" || outcome === "warn"
            ? [row.source, row.note].filter((part) => part !== "")
            : []),
        ];
        return [own.trimEnd(), ...extra.map((part) => colors.dim(`      ${part}`))];
      }),
  );
  const head = `      ${clip("Target", labelWidth)}  ${"Measured".padStart(measuredWidth)}  Bound`;
  const outcome = {
    PASS: colors.bold(colors.green("PASS")),
    FAIL: colors.bold(colors.red("FAIL")),
    INVALID: colors.bold(colors.magenta("INVALID")),
  }[verdict.outcome];
  const counts = order
    .map((entry) => [verdict.rows.filter((row) => row.outcome === entry).length, entry] as const)
    .filter(([count]) => count > 0)
    .map(([count, entry]) => `${count} ${entry.replace("-", " ")}`)
    .join(", ");
  return [
    ...(verdict.rows.length > 0 ? [colors.bold(head), ...lines, ""] : []),
    `Verdict: ${outcome}${counts === "" ? "" : ` (${counts}; ${verdict.targets})`}`,
    ...verdict.reasons.map((reason) => `  ${reason}`),
    "",
  ].join("\n");
}

function widest(
  rows: readonly TargetRowVerdict[],
  pick: (row: TargetRowVerdict) => string,
  least: number,
  most: number,
): number {
  return Math.min(
    most,
    rows.reduce((width, row) => Math.max(width, pick(row).length), least),
  );
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}
