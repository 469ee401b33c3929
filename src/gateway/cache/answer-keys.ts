import { createHash, type Hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { ProviderConfig } from "#contract";
import type { Guard } from "#detect";
import type { Endpoint, ProviderName } from "../providers/endpoints.ts";

/** Client headers beside the provider's key that change what a provider answers. */
const MEANINGFUL_HEADERS = [
  "anthropic-beta",
  "anthropic-version",
  "openai-beta",
  "openai-organization",
  "openai-project",
] as const;
/** Bytes of the digest that name the answer; the other 32 encrypt it where it leaves the process. */
const NAME_BYTES = 32;

/** What an answer is found by. */
export interface AnswerKey {
  /** Base64url, 43 characters. */
  readonly name: string;
  /** 32 bytes for AES-256. Whoever does not know the request knows neither name nor secret. */
  readonly secret: Buffer;
}

/** What decides about an answer; an exchange has all of it. */
export interface AnswerRequest {
  readonly tenant: string;
  readonly guard: Guard;
  readonly query: string;
  readonly pathSuffix: string;
  readonly passesProviderKey: boolean;
  /** The body that would be sent. */
  readonly upstreamBody: Buffer | string | null;
  readonly request: { readonly headers: IncomingHttpHeaders };
  readonly context: {
    readonly config: { readonly providers: Readonly<Record<ProviderName, ProviderConfig>> };
  };
}

/**
 * Makes the keys of answers: SHA-512 over the configured secret and all that decides about an answer: tenant, policy, provider
 * with its address, endpoint, query, the client's provider key where one is passed on, and the body that would be sent, which
 * is the anonymised one. Every part is preceded by its length, so no two requests read the same.
 */
export class AnswerKeys {
  private readonly state: Hash;
  private readonly policies = new WeakMap<Guard, string>();
  private readonly providers = new WeakMap<ProviderConfig, string>();

  constructor(secret: string) {
    this.state = createHash("sha512").update(`rampart answer 1\0${framed(secret)}`);
  }

  /** The key of the request that would be sent. Linear in its body. */
  of(asked: AnswerRequest, { provider, path }: Endpoint): AnswerKey {
    const { context, tenant, query, guard, request, upstreamBody } = asked;
    const settings = context.config.providers[provider];
    const { headers } = request;
    let head = framed(tenant) + this.policyOf(guard) + framed(provider) + this.providerOf(settings);
    head += framed(path) + framed(asked.pathSuffix) + framed(query);
    for (const name of MEANINGFUL_HEADERS) head += framed(headers[name]);
    if (asked.passesProviderKey && settings.apiKey === undefined)
      head += framed(headers.authorization) + framed(headers["x-api-key"]);
    head += "\0";
    const state = this.state.copy();
    if (typeof upstreamBody === "string") state.update(head + upstreamBody);
    else state.update(head).update(upstreamBody ?? "");
    const digest = state.digest();
    return { name: digest.toString("base64url", 0, NAME_BYTES), secret: digest.subarray(NAME_BYTES) };
  }

  private policyOf(guard: Guard): string {
    let known = this.policies.get(guard);
    if (known === undefined) {
      known = createHash("sha256").update(JSON.stringify(guard.policy)).digest("base64");
      this.policies.set(guard, known);
    }
    return known;
  }

  private providerOf(settings: ProviderConfig): string {
    let known = this.providers.get(settings);
    if (known === undefined) {
      const { baseUrl, headers } = settings;
      known = createHash("sha256")
        .update(JSON.stringify([baseUrl, headers]))
        .digest("base64");
      this.providers.set(settings, known);
    }
    return known;
  }
}

/** A part behind its length; an absent one differs from an empty one. */
function framed(part: string | string[] | undefined): string {
  if (part === undefined) return "-";
  const text = typeof part === "string" ? part : part.join("\0");
  return `${text.length}:${text}`;
}
