import type { Guard } from "#detect";

/** Request ids that name nobody: the gateway's own, UUIDs (RFC 9562), ULIDs, W3C trace ids. */
const NAMELESS_ID =
  /^(?:rq-[0-9a-f]{12}-[0-9a-z]{1,16}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-7][0-9A-HJKMNP-TV-Z]{25}|[0-9a-f]{32})$/;
/** Short names of a client's own making; numbers alone could be anybody's. */
const SHORT_NAME = /^(?=[\w-]*[A-Za-z])[\w-]{1,32}$/;

/** Whether an id can name nobody, whoever made it. */
export function isNameless(id: string): boolean {
  return NAMELESS_ID.test(id);
}

/**
 * Whether a request id that a client chose may stand in logs, events and headers: it names nobody, or it is short and the
 * guard finds nothing in it.
 */
export function isHarmless(id: string, guard: Guard): boolean {
  if (NAMELESS_ID.test(id)) return true;
  if (!SHORT_NAME.test(id)) return false;
  try {
    return guard.inspect(id).length === 0;
  } catch {
    return false;
  }
}
