import type { IncomingHttpHeaders } from "node:http";
import { RampartError } from "#shared";
import { type Caller, sha256 } from "../auth/customers.ts";
import type { Exchange, GatewayContext, Outcome, Role } from "../exchange.ts";

const SESSION_ID = /^[\x21-\x7e]{1,128}$/;

/** Which roles may use a route of a role. */
const ALLOWED: Readonly<Record<Role, ReadonlySet<Role>>> = {
  public: new Set<Role>(["public", "caller", "monitor", "admin"]),
  caller: new Set<Role>(["caller", "admin"]),
  monitor: new Set<Role>(["monitor", "admin"]),
  admin: new Set<Role>(["admin"]),
};

/**
 * Step 1: says to whom the request belongs, by its key alone; the labels `X-User-ID` and `X-Customer-ID` never decide
 * anything. Without configured customers everybody on the address is one tenant.
 */
export function accept(exchange: Exchange): Outcome {
  const { context, route, request } = exchange;
  const { headers } = request;
  if (route.role === "caller" && context.audit.isRefusing())
    throw new RampartError("RMP_AUDIT_UNAVAILABLE", "requests cannot be recorded");
  if (!context.customers.isOpen && route.role !== "public") {
    const caller = identify(exchange);
    checkRole(caller, route.role);
    exchange.caller = caller;
    exchange.tenant = caller.tenant;
    if (caller.policy !== undefined) exchange.guard = context.guards[caller.policy] ?? context.guard;
  }
  const session = headers["x-session-id"];
  if (session !== undefined && session !== "") {
    if (typeof session !== "string" || !SESSION_ID.test(session))
      throw new RampartError("RMP_REQ_INVALID", "X-Session-ID: at most 128 printable characters", {
        field: "X-Session-ID",
      });
    exchange.sessionKey = `${holderOf(exchange, headers)}\0${session}`;
  }
  return "next";
}

/**
 * Who may watch the live monitor; null on an open gateway.
 * @throws RMP_AUTH_MISSING, RMP_AUTH_INVALID, RMP_AUTH_FORBIDDEN
 */
export function watcherOf(context: GatewayContext, headers: IncomingHttpHeaders): Caller | null {
  if (context.customers.isOpen) return null;
  const key = sentKey(headers);
  if (key === undefined) throw new RampartError("RMP_AUTH_MISSING", "this route needs a key");
  const caller = context.customers.callerOf(key);
  checkRole(caller, "monitor");
  return caller;
}

function checkRole(caller: Caller, needed: Role): void {
  if (!ALLOWED[needed].has(caller.role))
    throw new RampartError("RMP_AUTH_FORBIDDEN", `the role ${caller.role} may not use this route`);
}

/** The customer of the key that was sent. On proxy routes Rampart's own header goes before the SDK's. */
function identify(exchange: Exchange): Caller {
  const { context, route, request } = exchange;
  const { headers } = request;
  if (route.endpoint !== undefined) {
    const own = headers["x-rampart-key"];
    if (typeof own === "string") return context.customers.callerOf(own);
    // The SDK's key is the customer's: no provider may see it.
    exchange.passesProviderKey = false;
  }
  const key = sentKey(headers);
  if (key === undefined) throw new RampartError("RMP_AUTH_MISSING", "this route needs a key");
  return context.customers.callerOf(key);
}

function sentKey(headers: IncomingHttpHeaders): string | undefined {
  const key = headers["x-api-key"];
  if (typeof key === "string") return key;
  const { authorization } = headers;
  return authorization !== undefined && /^bearer /i.test(authorization)
    ? authorization.slice(7).trim()
    : undefined;
}

/** Whose sessions these are: the customer's key; on an open gateway the provider key that was sent, never kept itself. */
function holderOf(exchange: Exchange, headers: IncomingHttpHeaders): string {
  if (exchange.caller !== null) return exchange.caller.keyId;
  const key = sentKey(headers);
  return key === undefined ? "" : sha256(key);
}
