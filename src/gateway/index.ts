/** The guard between an application and its LLM providers. */
export { type AuditFault, type AuditVerification, verifyAudit } from "./audit/verify.ts";
export { createShippedDetectors, type Detectors } from "./detectors.ts";
export type { Exchange, ExchangeSink } from "./exchange.ts";
export { createGateway, type Gateway, type GatewayAddress, type GatewayOptions } from "./gateway.ts";
