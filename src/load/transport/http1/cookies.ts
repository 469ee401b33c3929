/** Cookies of one virtual user (RFC 6265), kept per host. */

interface Cookie {
  readonly value: string;
  readonly path: string;
  readonly isSecure: boolean;
  /** Epoch ms; infinity for a session cookie. */
  readonly expiresMs: number;
}

/** Cookies kept per host at most; the oldest goes first (RFC 6265, section 6.1 asks for at least 50). */
const COOKIE_LIMIT = 100;

/** A cookie jar. Cookies go back to the host that set them only, subdomains not included. */
export class CookieJar {
  readonly #byHost = new Map<string, Map<string, Cookie>>();

  /** Keeps one `set-cookie` value. @param requestPath path of the request it answered */
  store(host: string, requestPath: string, setCookie: string, epochMs: number): void {
    const [pair = "", ...attributes] = setCookie.split(";");
    const equals = pair.indexOf("=");
    if (equals < 1) return;
    const name = pair.slice(0, equals).trim();
    let path = defaultPath(requestPath);
    let expiresMs = Number.POSITIVE_INFINITY;
    let isSecure = false;
    let hasMaxAge = false;
    for (const attribute of attributes) {
      const split = attribute.indexOf("=");
      const key = (split < 0 ? attribute : attribute.slice(0, split)).trim().toLowerCase();
      const value = split < 0 ? "" : attribute.slice(split + 1).trim();
      if (key === "path" && value.startsWith("/")) path = value;
      else if (key === "secure") isSecure = true;
      else if (key === "max-age" && /^-?\d+$/.test(value)) {
        hasMaxAge = true;
        expiresMs = epochMs + Number(value) * 1000;
      } else if (key === "expires" && !hasMaxAge) {
        const parsed = Date.parse(value);
        if (!Number.isNaN(parsed)) expiresMs = parsed;
      }
    }
    const cookies = this.#byHost.get(host) ?? new Map<string, Cookie>();
    this.#byHost.set(host, cookies);
    const key = `${path}\n${name}`;
    cookies.delete(key);
    if (expiresMs <= epochMs) return;
    cookies.set(key, { value: pair.slice(equals + 1).trim(), path, isSecure, expiresMs });
    if (cookies.size > COOKIE_LIMIT) cookies.delete(cookies.keys().next().value!);
  }

  /** Value of the `cookie` header for a request; empty without cookies. */
  header(host: string, path: string, isTls: boolean, epochMs: number): string {
    const cookies = this.#byHost.get(host);
    if (cookies === undefined) return "";
    const fitting = [...cookies]
      .filter(
        ([, cookie]) =>
          cookie.expiresMs > epochMs && (isTls || !cookie.isSecure) && pathMatches(path, cookie.path),
      )
      .sort((a, b) => b[1].path.length - a[1].path.length);
    return fitting.map(([key, cookie]) => `${key.slice(key.indexOf("\n") + 1)}=${cookie.value}`).join("; ");
  }

  /** Whether any cookie is kept. */
  get isEmpty(): boolean {
    return this.#byHost.size === 0;
  }
}

/** RFC 6265, section 5.1.4. */
function defaultPath(requestPath: string): string {
  const path = requestPath.split("?", 1)[0]!;
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** RFC 6265, section 5.1.4. */
function pathMatches(requestPath: string, cookiePath: string): boolean {
  const path = requestPath.split("?", 1)[0]!;
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith("/") || path[cookiePath.length] === "/";
}
