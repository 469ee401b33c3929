/** The lab: targets and verdicts, results files, reports, web server of the console. */

export {
  type CapacityLimits,
  type CapacityOptions,
  type CapacityReport,
  type MeasuredLevel,
  runCapacity,
} from "./capacity/run-capacity.ts";
export { type CheckedRun, checkRuns, type JudgingOptions, judgeResult, readRun, reportRun } from "./check.ts";
export { type BaselineFolders, listBaselines, loadBaseline, saveBaseline } from "./compare/baselines.ts";
export { type CompareOptions, type Comparison, compareRuns, type Difference } from "./compare/compare.ts";
export { comparisonHtml, comparisonMarkdown, comparisonText } from "./compare/report.ts";
export { type RunningDrill, startDrill } from "./faults/drill.ts";
export { checkedDrill, type Drill, loadDrill } from "./faults/drill-file.ts";
export { createFaultProxy, type FaultProxy, type ProxyOptions } from "./faults/tcp-proxy.ts";
export { type Observer, type ObserverOptions, startObserver } from "./observer/observer.ts";
export {
  type OverheadOptions,
  type OverheadReport,
  overheadText,
  runOverhead,
} from "./overhead/run-overhead.ts";
export { archiveName, archivePaths, type RecordedRun, type RecordOptions, recordRun } from "./record.ts";
export { renderHtml, resultOfHtml, UI_DIRECTORY } from "./reports/html.ts";
export { type JudgedRun, junitXml } from "./reports/junit.ts";
export { locustCsvFiles } from "./reports/locust-csv.ts";
export { locustStatsOfResult } from "./reports/locust-json.ts";
export { markdownReport } from "./reports/markdown.ts";
export { buildReport, type ReportInput } from "./reports/model.ts";
export { type Summary, summarise, summaryText } from "./reports/summary.ts";
export { type VerdictTextOptions, verdictText } from "./reports/terminal.ts";
export { type ReportPaths, type WriteReportOptions, writeReports } from "./reports/write.ts";
export { withBeside } from "./results/beside.ts";
export { listResultIds, readResult, writeResult } from "./results/file.ts";
export { mergeResults } from "./results/merge.ts";
export { listScenarioNames, SCENARIOS_DIRECTORY, scenarioPath } from "./scenario-files.ts";
export { createLabServer, type LabServer, type LabServerOptions } from "./server/lab-server.ts";
export type { LabEvent, RunSession, SessionStart } from "./server/run-session.ts";
export { type Growth, judgeGrowth } from "./soak/growth.ts";
export { growthOf, type HourFigures, hoursOf } from "./soak/soak-figures.ts";
export { resultsTable, type SuiteArchive, writeSuiteArchive } from "./suite/archive.ts";
export { chooseEnvironment, type LabEnvironment, loadLabConfig } from "./suite/lab-config.ts";
export { runSuite, SERIES, type SuiteEntry, type SuiteOptions } from "./suite/suite.ts";
export { loadTargets, rowsFor } from "./targets/load.ts";
export { parseTargets } from "./targets/parse.ts";
export { TARGETS_DIRECTORY, tablesFor } from "./targets/tables.ts";
export type { PublishedFigures, TargetRow, TargetTable } from "./targets/types.ts";
export { checkBounds } from "./verdict/bound-check.ts";
export { exitCodeOf } from "./verdict/exit-code.ts";
export { type JudgeOptions, judge } from "./verdict/judge.ts";
