/** Detection as a library: text in, findings out. Pure; weights, clock and judges are handed in. */
export type {
  Anonymised,
  EntityRule,
  Finding,
  InjectionDetector,
  InjectionResult,
  InjectionType,
  OperatorKind,
  Policy,
  Recogniser,
  RiskLevel,
  StreamRestorer,
  Vault,
} from "./types.ts";
