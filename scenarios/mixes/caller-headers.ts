/** Who a virtual user is to the gateway, and where the gateway has its routes: a stranger's gateway by settings alone. */
import type { User } from "rampart/load";

/** Setting (`--set key=...`) and environment variable with the customer's key of a gateway that asks for one. */
const KEY_SETTING = "key";
const KEY_VARIABLE = "RAMPART_KEY";
/** `--set header.NAME=VALUE`: a header of every request. */
const HEADER_SETTING = "header.";
const DEFAULT_CHAT = "/openai/v1/chat/completions";
const DEFAULT_MESSAGES = "/anthropic/v1/messages";

/** What users need to know of the gateway; part of their `shared`. */
export interface GatewayUnderTest {
  readonly key?: string;
  /** `off`: every request asks for an answer that no cache gives. */
  readonly cache?: string;
  /** Headers that the gateway wants with every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** Path of chat completions: `--set chat=PATH`. */
  readonly chat: string;
  /** Path of Anthropic's messages: `--set messages=PATH`; null with `--set messages=off`. */
  readonly messages: string | null;
}

/** Reads the settings of the gateway under test. */
export function gatewayUnderTest(settings: Readonly<Record<string, string>>): GatewayUnderTest {
  const key = callerKey(settings);
  const { cache, chat = DEFAULT_CHAT, messages = DEFAULT_MESSAGES } = settings;
  const headers = Object.entries(settings).flatMap(([name, value]) =>
    name.startsWith(HEADER_SETTING) ? [[name.slice(HEADER_SETTING.length), value] as const] : [],
  );
  return {
    ...(key === undefined ? {} : { key }),
    ...(cache === undefined ? {} : { cache }),
    headers: Object.fromEntries(headers),
    chat,
    messages: messages === "off" ? null : messages,
  };
}

/** The gateway that a scenario's `setup` told its users of. */
export function gatewayOf<S>(user: User<S>): GatewayUnderTest {
  const shared = user.shared as Partial<GatewayUnderTest> | undefined;
  // Either everything was told in `setup`, or the scenario leaves it to the environment.
  return shared?.chat === undefined ? gatewayUnderTest({}) : (shared as GatewayUnderTest);
}

/** The customer's key to send; undefined for an open gateway. Environment is read where the user runs. */
export function callerKey(settings: Readonly<Record<string, string>> = {}): string | undefined {
  return settings[KEY_SETTING] ?? process.env[KEY_VARIABLE];
}

/** Sets headers of every request of a user: its own, those of the gateway, the customer's key when there is one. */
export function callerHeaders<S>(user: User<S>, headers: Readonly<Record<string, string>>): void {
  const { key, cache, headers: wanted } = gatewayOf(user);
  Object.assign(user.http.headers, headers, wanted);
  if (key !== undefined) user.http.headers["x-rampart-key"] = key;
  // RFC 9111, section 5.2.1.5: neither answered from a cache nor kept in one.
  if (cache === "off") user.http.headers["cache-control"] = "no-store";
}
