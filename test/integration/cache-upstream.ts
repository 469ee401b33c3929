import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGuard, DEFAULT_POLICY, type Guard } from "#detect";
import { createGateway, type Gateway, type GatewayOptions } from "#gateway";

/** One request that the provider got: the test decides when and how it is answered. */
export interface ProviderRequest {
  readonly body: string;
  readonly response: ServerResponse;
  /** Resolves when the connection of the request has gone away before it was answered. */
  readonly gone: Promise<void>;
}

/** A provider that answers as the test says. */
export interface Provider {
  readonly url: string;
  /** Requests so far. */
  readonly requests: ProviderRequest[];
  /** Resolves with the request of this number, from 0. */
  request(index: number): Promise<ProviderRequest>;
  close(): Promise<void>;
}

/** Starts a provider; without `answer` its requests wait for the test. */
export async function startProvider(answer?: (request: ProviderRequest) => void): Promise<Provider> {
  const requests: ProviderRequest[] = [];
  const waiting: { index: number; resolve: (request: ProviderRequest) => void }[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const gone = new Promise<void>((resolve) => response.once("close", resolve));
      const entry = { body: Buffer.concat(chunks).toString("utf8"), response, gone };
      requests.push(entry);
      for (const waiter of waiting) if (waiter.index === requests.length - 1) waiter.resolve(entry);
      answer?.(entry);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // a TCP server that listens
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    request(index) {
      const known = requests[index];
      return known === undefined
        ? new Promise((resolve) => waiting.push({ index, resolve }))
        : Promise.resolve(known);
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A guard without model files, injection off: what it has to find has a form of its own. */
export function cacheGuard(): Guard {
  return createGuard({ policy: { ...DEFAULT_POLICY, injection: { action: "off", threshold: 0.5 } } });
}

/** A listening gateway in front of a provider. */
export async function startGateway(
  baseUrl: string,
  config: Partial<GatewayOptions["config"]> = {},
  options: Partial<Omit<GatewayOptions, "config">> = {},
): Promise<{ readonly gateway: Gateway; readonly url: string }> {
  const gateway = createGateway({
    config: { port: 0, providers: { openai: { baseUrl }, anthropic: { baseUrl } }, ...config },
    guard: cacheGuard(),
    version: "test",
    ...options,
  });
  return { gateway, url: (await gateway.listen()).url };
}

/** The body of a chat that may be answered twice. */
export function chatBody(content: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: "gpt-4", temperature: 0, messages: [{ role: "user", content }], ...more };
}

/** Posts JSON. */
export function postJson(
  url: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A whole chat completion. */
export function completion(content: string): string {
  return JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "gpt-4",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  });
}

/** One event of a chat stream. */
export function chunkEvent(content: string, finish: string | null = null): string {
  const choice = { index: 0, delta: content === "" ? {} : { content }, finish_reason: finish };
  return `data: ${JSON.stringify({ id: "chatcmpl-1", object: "chat.completion.chunk", choices: [choice] })}\n\n`;
}

/** Answers with JSON. */
export function answerWith({ response }: ProviderRequest, body: string, status = 200): void {
  response
    .writeHead(status, { "content-type": "application/json", "x-ratelimit-remaining-requests": "7" })
    .end(body);
}

/** Answers with a stream of events that is complete. */
export function streamWith({ response }: ProviderRequest, pieces: readonly string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const piece of pieces) response.write(chunkEvent(piece));
  response.end(`${chunkEvent("", "stop")}data: [DONE]\n\n`);
}

/** The text of a chat stream. */
export function textOfStream(stream: string): string {
  let text = "";
  for (const line of stream.split("\n")) {
    if (!line.startsWith("data: {")) continue;
    const event = JSON.parse(line.slice("data: ".length)) as { choices?: { delta: { content?: string } }[] };
    text += event.choices?.[0]?.delta.content ?? "";
  }
  return text;
}
