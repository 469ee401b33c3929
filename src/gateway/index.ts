/** The guard between an application and its LLM providers. */

export { AUDIT_CSV_HEADER, auditCsvLine } from "./audit/csv.ts";
export { queryAuditDatabase, selectAuditDatabase } from "./audit/database/select.ts";
export { verifyAuditDatabase } from "./audit/database/verify.ts";
export { type AuditExchange, type AuditFilter, queryAudit, selectAudit } from "./audit/query.ts";
export type { AuditRecord } from "./audit/record.ts";
export type { AuditFault, AuditVerification } from "./audit/verification.ts";
export { verifyAudit } from "./audit/verify.ts";
export { checkedConfig, configurationFaults } from "./check-config.ts";
export { createShippedDetectors, type Detectors } from "./detectors.ts";
export type { Exchange, ExchangeSink } from "./exchange.ts";
export {
  type Configured,
  createGateway,
  type Gateway,
  type GatewayOptions,
} from "./gateway.ts";
export type { GatewayAddress } from "./listen.ts";
export { METRICS_CATALOGUE } from "./metrics/catalogue.data.ts";
export { createDatabase, type Database } from "./stores/postgres/database.ts";
export { type ProcessGroup, startProcesses } from "./workers/start-primary.ts";
export { serveAsWorker } from "./workers/worker-process.ts";
