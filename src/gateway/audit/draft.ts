import type { InjectionResult } from "#detect";
import type { ErrorCode } from "#shared";
import type { Exchange, Route } from "../exchange.ts";
import { isNameless } from "../request-id.ts";
import type { AuditAction, ExchangeRecord } from "./record.ts";

/** What names of models look like. */
const MODEL_NAME = /^[a-z][\w.:/-]{0,63}$/i;

/** What is kept of a finished exchange until it is written: references and numbers, nothing of its content. */
export interface Draft {
  readonly ts: number;
  readonly requestId: string;
  readonly tenant: string | null;
  readonly customer: string | null;
  readonly role: string;
  readonly route: Route;
  readonly model: string | null;
  readonly status: number;
  readonly findingTypes: ReadonlyMap<string, number> | null;
  readonly injection: InjectionResult | null;
  readonly hasGuarded: boolean;
  readonly judgesInjection: boolean;
  readonly failedOpen: readonly string[] | null;
  readonly degraded: readonly string[] | null;
  readonly errorCode: ErrorCode | null;
  readonly durationMs: number;
}

/** Takes the facts off an exchange; on the hot path, so nothing is computed here. */
export function toDraft(exchange: Exchange): Draft {
  const { context, caller, route, failure } = exchange;
  return {
    ts: context.epoch(),
    requestId: exchange.requestId,
    tenant: caller !== null ? caller.tenant : context.customers.isOpen ? exchange.tenant : null,
    customer: caller === null ? null : caller.name,
    role: caller === null ? "open" : caller.role,
    route,
    // A name that the provider did not accept could be anything.
    model: failure === null && exchange.status < 300 ? exchange.model : null,
    status: exchange.status !== 0 ? exchange.status : failure === null ? 0 : failure.status,
    findingTypes: exchange.findingTypes,
    injection: exchange.injection,
    hasGuarded: exchange.leaves !== null,
    judgesInjection: exchange.guard.policy.injection.action !== "off",
    failedOpen: exchange.failedOpen,
    degraded: exchange.degraded,
    errorCode: failure !== null ? failure.code : wasAnswerBlocked(exchange) ? "RMP_GUARD_BLOCKED" : null,
    durationMs: context.clock() - exchange.startedMs,
  };
}

/** A scan ended the answer; of a plain one that is no failure: it has the shape of a provider's content filter. */
function wasAnswerBlocked({ output }: Exchange): boolean {
  return output !== null && output.blocked > 0;
}

/** Whether an exchange belongs into the log: all but the public pages and probes that were answered. */
export function isAudited(exchange: Exchange): boolean {
  return exchange.route.role !== "public" || exchange.failure !== null;
}

/** The record of a draft. */
export function toRecord(draft: Draft): ExchangeRecord {
  const { route, injection, errorCode } = draft;
  return {
    kind: "exchange",
    requestId: isNameless(draft.requestId) ? draft.requestId : null,
    tenant: draft.tenant,
    customer: draft.customer,
    role: draft.role,
    route: route.name,
    provider: route.endpoint?.provider ?? null,
    model: draft.model !== null && MODEL_NAME.test(draft.model) ? draft.model : null,
    status: draft.status,
    action: actionOf(draft),
    findingsByType: draft.findingTypes === null ? {} : Object.fromEntries(draft.findingTypes),
    injection:
      injection === null
        ? null
        : { score: round(injection.score), level: injection.level, types: injection.types },
    guards: guardsOf(draft),
    failMode: failModeOf(draft),
    errorCode,
    durationMs: round(draft.durationMs),
  };
}

function failModeOf({ errorCode, failedOpen, degraded }: Draft): ExchangeRecord["failMode"] {
  if (errorCode === "RMP_GUARD_FAILED") return "closed";
  if (failedOpen !== null) return "open";
  return degraded === null ? "none" : "degrade";
}

function actionOf({ status, errorCode, route, findingTypes, failedOpen }: Draft): AuditAction {
  if (errorCode === "RMP_GUARD_BLOCKED") return "blocked";
  if (errorCode === "RMP_CLIENT_GONE" || status >= 500 || status === 0) return "failed";
  if (errorCode !== null) return "refused";
  if (status >= 400) return "failed";
  const isAnonymised = route.endpoint !== undefined && findingTypes !== null && !failedOpen?.includes("pii");
  return isAnonymised ? "anonymised" : "passed";
}

function guardsOf({ hasGuarded, judgesInjection, failedOpen, injection }: Draft): string[] {
  const guards: string[] = [];
  if (hasGuarded && !failedOpen?.includes("pii")) guards.push("pii");
  if (injection !== null || (hasGuarded && judgesInjection && !failedOpen?.includes("injection")))
    guards.push("injection");
  return guards;
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
