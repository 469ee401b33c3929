/** Shapes of requests, events, results files and provider bodies, and their validators. */
export {
  type InjectionDetectRequest,
  InjectionDetectRequestSchema,
  type PiiDetectRequest,
  PiiDetectRequestSchema,
} from "./detection-api.ts";
export { type EntityType, PLACEHOLDER_NAMES, placeholderName } from "./entities.ts";
export {
  type FailMode,
  FailModeSchema,
  type GatewayConfig,
  type GatewayConfigInput,
  GatewayConfigSchema,
  type ProviderConfig,
  ProviderConfigSchema,
} from "./gateway-config.ts";
export type {
  LabEnd,
  LabErrorBody,
  LabLive,
  LabLiveRow,
  LabLog,
  LabReportFile,
  LabRun,
  LabRunState,
  LabRunSummary,
  LabScenario,
  LabStartRequest,
  LabTick,
  LabWorker,
} from "./lab-api.ts";
export type { MockConfig, MockRecord, MockRecordPage } from "./mock.ts";
export {
  REPORT_DATA_ELEMENT_ID,
  REPORT_RESULT_ELEMENT_ID,
  REPORT_VERSION,
  type ReportBand,
  type ReportChart,
  type ReportFact,
  type ReportModel,
  type ReportRequestRow,
  type ReportSeries,
  type ReportSeriesRole,
  type ReportSummaryLine,
  type ReportTable,
} from "./report.ts";
export {
  type CheckStats,
  type EnvironmentFingerprint,
  type ErrorFamily,
  type ErrorStats,
  type ExceptionStats,
  type GeneratorHealth,
  HISTORY_PERCENTILES,
  type HistogramData,
  type MetricData,
  type PlannedClass,
  type RequestStats,
  type RowOutcome,
  RUN_SCHEMA_VERSION,
  type RunningTotals,
  type RunPlan,
  type RunResult,
  type RunVerdict,
  type SeriesPoint,
  type TargetRowVerdict,
  type ThresholdResult,
} from "./run-result.ts";
