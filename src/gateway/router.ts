import { RampartError } from "#shared";
import type { Route } from "./exchange.ts";

/** An identifier at the end of a path; dots alone would lead elsewhere. */
const IDENTIFIER = /^(?!\.+$)[\w.:@-]{1,200}$/;

/** What the router found. */
export interface RouteMatch {
  readonly route: Route;
  /** The identifier in the place of `*`; empty otherwise. */
  readonly suffix: string;
}

/** Finds the route of a method and path. */
export interface Router {
  readonly routes: readonly Route[];
  /** @throws RMP_ROUTE_NOT_FOUND; RMP_ROUTE_METHOD (field = allowed methods) */
  find(method: string, path: string): RouteMatch;
}

/** Exact paths by a map, paths with an identifier at the end by their folder; constant time. */
export function createRouter(routes: readonly Route[]): Router {
  const exact = new Map<string, RouteMatch>();
  const folders = new Map<string, Route>();
  const methods = new Map<string, string[]>();
  for (const route of routes) {
    if (route.path.endsWith("/*")) folders.set(`${route.method} ${route.path.slice(0, -1)}`, route);
    else exact.set(`${route.method} ${route.path}`, { route, suffix: "" });
    const allowed = methods.get(route.path) ?? [];
    allowed.push(route.method);
    methods.set(route.path, allowed);
  }
  return {
    routes,
    find(method, path) {
      const match = exact.get(`${method} ${path}`);
      if (match !== undefined) return match;
      const slash = path.lastIndexOf("/") + 1;
      const suffix = path.slice(slash);
      const folder = folders.get(`${method} ${path.slice(0, slash)}`);
      if (folder !== undefined && IDENTIFIER.test(suffix)) return { route: folder, suffix };
      const allowed = methods.get(path) ?? methods.get(`${path.slice(0, slash)}*`);
      // The right method here means that the identifier is none.
      if (allowed !== undefined && !allowed.includes(method))
        throw new RampartError("RMP_ROUTE_METHOD", "this route does not answer this method", {
          field: allowed.join(", "),
        });
      throw new RampartError("RMP_ROUTE_NOT_FOUND", "there is no such route");
    },
  };
}
