/** The guard between an application and its LLM providers. */
export { AUDIT_CSV_HEADER, auditCsvLine } from "./audit/csv.ts";
export { type AuditExchange, type AuditFilter, queryAudit, selectAudit } from "./audit/query.ts";
export type { AuditRecord } from "./audit/record.ts";
export { type AuditFault, type AuditVerification, verifyAudit } from "./audit/verify.ts";
export { createShippedDetectors, type Detectors } from "./detectors.ts";
export type { Exchange, ExchangeSink } from "./exchange.ts";
export {
  type Configured,
  createGateway,
  type Gateway,
  type GatewayAddress,
  type GatewayOptions,
} from "./gateway.ts";
