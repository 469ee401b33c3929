/** Who a virtual user is to the gateway. */
import type { User } from "rampart/load";

/** Setting (`--set key=...`) and environment variable with the customer's key of a gateway that asks for one. */
const KEY_SETTING = "key";
const KEY_VARIABLE = "RAMPART_KEY";

/** The customer's key to send; undefined for an open gateway. Environment is read where the user runs. */
export function callerKey(settings: Readonly<Record<string, string>> = {}): string | undefined {
  return settings[KEY_SETTING] ?? process.env[KEY_VARIABLE];
}

/** Sets headers of every request of a user, the customer's key when there is one, and none of a cache with `--set cache=off`. */
export function callerHeaders<S>(user: User<S>, headers: Readonly<Record<string, string>>): void {
  Object.assign(user.http.headers, headers);
  const shared = user.shared as { readonly key?: string; readonly cache?: string } | undefined;
  const key = shared?.key ?? callerKey();
  if (key !== undefined) user.http.headers["x-rampart-key"] = key;
  // RFC 9111, section 5.2.1.5: neither answered from a cache nor kept in one.
  if (shared?.cache === "off") user.http.headers["cache-control"] = "no-store";
}
