/** The query of a request's path. */

/** A path as statistics name it. */
export function withoutQuery(path: string): string {
  const query = path.indexOf("?");
  return query < 0 ? path : path.slice(0, query);
}

/** A path with more query parameters. */
export function withParams(path: string, params: Readonly<Record<string, string | number>>): string {
  const query = new URLSearchParams();
  for (const key in params) query.append(key, String(params[key]));
  return `${path}${path.includes("?") ? "&" : "?"}${query}`;
}
