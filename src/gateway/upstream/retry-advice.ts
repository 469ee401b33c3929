/**
 * Wait that an answer asks for, ms; null when it asks for none. `retry-after-ms` goes before `retry-after`, as the providers'
 * own clients read them; a date (RFC 9110, 10.2.3) is read against `nowEpochMs`.
 * @param headers `[name, value, …]`, names in lower case
 */
export function retryAfterMs(headers: readonly string[], nowEpochMs: () => number): number | null {
  let seconds: string | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i] === "retry-after-ms") {
      const milliseconds = Number(headers[i + 1]);
      if (Number.isFinite(milliseconds) && milliseconds >= 0) return milliseconds;
    } else if (headers[i] === "retry-after") seconds = headers[i + 1];
  }
  if (seconds === undefined || seconds === "") return null;
  const wait = Number(seconds);
  if (Number.isFinite(wait)) return wait >= 0 ? wait * 1000 : null;
  const dateMs = Date.parse(seconds);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowEpochMs());
}

/** Whether the provider says that asking again is of no use. Source: OpenAI's and Anthropic's clients, `x-should-retry`. */
export function forbidsRetry(headers: readonly string[]): boolean {
  const at = headers.indexOf("x-should-retry");
  return at !== -1 && headers[at + 1] === "false";
}
