import type { IncomingMessage } from "node:http";

const LOOPBACK_NAMES = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * Why a request must not be served, or null.
 *
 * Two attacks from a page the user has open are refused: another origin sending a request that changes something
 * (Fetch metadata, W3C, "Sec-Fetch-Site"; Origin for older clients), and a name that was pointed at this machine
 * (DNS rebinding), which shows in the Host header.
 * @param isChanging true for requests that change something, GET ones of Locust (`/stop`) and WebSockets included
 * @param isLoopback true when the server listens on this machine only
 */
export function refusalReason(
  request: Pick<IncomingMessage, "headers">,
  isChanging: boolean,
  isLoopback: boolean,
): string | null {
  const { host = "", origin } = request.headers;
  if (isLoopback && !LOOPBACK_NAMES.test(host)) return "the Host header names another machine";
  if (!isChanging) return null;
  const site = request.headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none")
    return "requests of other sites are refused";
  if (origin !== undefined && hostOf(origin) !== host.toLowerCase())
    return "requests of other origins are refused";
  return null;
}

function hostOf(origin: string): string | null {
  try {
    return new URL(origin).host.toLowerCase();
  } catch {
    return null;
  }
}
