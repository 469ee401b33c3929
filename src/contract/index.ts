/** Shapes of requests, events, results files and provider bodies, and their validators. */
export {
  type BatchTestRequest,
  BatchTestRequestSchema,
  type BiasAuditRequest,
  BiasAuditRequestSchema,
  type ImageDetectRequest,
  ImageDetectRequestSchema,
  type InjectionDetectRequest,
  InjectionDetectRequestSchema,
  type MultiModelRequest,
  MultiModelRequestSchema,
  type PiiDetectRequest,
  PiiDetectRequestSchema,
  type PiiRedactRequest,
  PiiRedactRequestSchema,
  type TestAgentRequest,
  TestAgentRequestSchema,
} from "./detection-api.ts";
export { type EntityType, PLACEHOLDER_NAMES, placeholderName } from "./entities.ts";
export type { Fault, FaultAction, FaultRecord, ProxyEffect } from "./faults.ts";
export { type CacheConfig, CacheConfigSchema } from "./gateway-config/cache.ts";
export { type Customer, CustomerSchema } from "./gateway-config/customers.ts";
export type { DetectorsConfig } from "./gateway-config/detectors.ts";
export { type FailMode, FailModeSchema } from "./gateway-config/guard.ts";
export type { ClassLimits, LimitsConfig } from "./gateway-config/limits.ts";
export type { LogsConfig } from "./gateway-config/logs.ts";
export { type ProcessesConfig, ProcessesConfigSchema } from "./gateway-config/processes.ts";
export {
  type FallbackConfig,
  type ProviderConfig,
  ProviderConfigSchema,
} from "./gateway-config/providers.ts";
export type { TelemetryConfig } from "./gateway-config/telemetry.ts";
export type { UpstreamConfig } from "./gateway-config/upstream.ts";
export { type GatewayConfig, type GatewayConfigInput, GatewayConfigSchema } from "./gateway-config.ts";
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
  type DetectionResultEvent,
  MONITOR_LEVELS,
  type MonitorEvent,
  type MonitorFilter,
  MonitorFilterSchema,
  type MonitorLevel,
  type MonitorMessage,
  MonitorMessageSchema,
  type MonitorNotice,
  type MonitorStamp,
} from "./monitor-events.ts";
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
export type { PlannedClass, RunPlan } from "./run-plan.ts";
export {
  type BesideFigures,
  type CheckStats,
  type CoveragePoint,
  type EnvironmentFingerprint,
  type ErrorFamily,
  type ErrorStats,
  type ExceptionStats,
  type GeneratorHealth,
  HISTORY_PERCENTILES,
  type HistogramData,
  type HistoryRow,
  type MetricData,
  type PlainFigures,
  type RequestStats,
  RUN_SCHEMA_VERSION,
  type RunningTotals,
  type RunResult,
  type SeriesPoint,
  type WindowRow,
  type WindowStats,
} from "./run-result.ts";
export type { RowOutcome, RunVerdict, TargetRowVerdict, ThresholdResult } from "./run-verdict.ts";
