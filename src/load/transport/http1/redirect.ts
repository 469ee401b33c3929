/** Where redirects lead (RFC 9110, section 15.4). */
import type { RequestOptions } from "../../model/http-types.ts";
import type { Exchange } from "./exchange.ts";
import type { Origin } from "./origin.ts";

/** The request that a redirect asks for. */
export interface Redirect {
  readonly url: string;
  readonly method: string;
  /** False: the next request goes without the body of the first. */
  readonly keepsBody: boolean;
}

/** Where a redirect leads, or null when the answer is none. @param base origin of paths; null: `url` is a whole one */
export function redirectOf(
  exchange: Exchange,
  method: string,
  url: string,
  base: Origin | null,
): Redirect | null {
  const { head } = exchange;
  if (head === null || exchange.error !== null || ![301, 302, 303, 307, 308].includes(head.status))
    return null;
  const location = /\r\nlocation:[\t ]*([^\r]*)/i.exec(head.text)?.[1]?.trim();
  if (location === undefined || location === "") return null;
  const from = base === null ? url : new URL(url, `${base.isTls ? "https" : "http"}://${base.authority}`);
  let target: URL;
  try {
    target = new URL(location, from);
  } catch {
    return null;
  }
  if (target.protocol !== "http:" && target.protocol !== "https:") return null;
  const keepsBody = head.status === 307 || head.status === 308;
  const isSafe = method === "GET" || method === "HEAD";
  return { url: target.href, method: keepsBody || isSafe ? method : "GET", keepsBody };
}

/** The same request without its body. */
export function withoutBody(options: RequestOptions): RequestOptions {
  const { json: _json, body: _body, form: _form, ...rest } = options;
  return rest;
}
