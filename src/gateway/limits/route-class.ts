import type { Route } from "../exchange.ts";
import type { RouteClass } from "./bounds.ts";

/** The class of routes by which a request is limited; null for public routes, which nothing limits. */
export function classOf({ role, endpoint, schema }: Route): RouteClass | null {
  if (role === "public") return null;
  if (endpoint !== undefined) return "proxy";
  return schema === undefined ? "control" : "detection";
}
