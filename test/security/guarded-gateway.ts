import { createHash } from "node:crypto";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { GatewayConfigInput } from "#contract";
import { createGuard, DEFAULT_POLICY, type Policy } from "#detect";
import { createGateway, type Gateway } from "#gateway";

/** Keys of the customers of {@link startGuarded}, by role. */
export const KEYS = {
  caller: "key-of-caller-5c1d0e",
  monitor: "key-of-monitor-77ab02",
  admin: "key-of-admin-90ff31",
} as const;

/** Policy without the injection guard, whose model is not what these tests ask about. */
export const QUIET: Policy = { ...DEFAULT_POLICY, injection: { action: "off", threshold: 0.5 } };

/** A provider on a bare socket: sees every byte that leaves the gateway. */
export interface RawProvider {
  readonly url: string;
  /** Everything that arrived, in order, all connections together. */
  received(): string;
  forget(): void;
  /** What every request is answered with: a complete HTTP answer. */
  answer: string;
  close(): void;
}

/** Starts a provider that answers each complete request with the bytes it is told. */
export async function startRawProvider(): Promise<RawProvider> {
  let bytes = "";
  const sockets = new Set<Socket>();
  const provider = { answer: answerOf({ choices: [] }) };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    let request = "";
    socket.on("error", () => undefined);
    socket.on("data", (chunk) => {
      bytes += chunk.toString("latin1");
      request += chunk.toString("latin1");
      for (let end = endOf(request); end !== -1; end = endOf(request)) {
        request = request.slice(end);
        socket.write(provider.answer);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(provider, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received: () => bytes,
    forget: () => {
      bytes = "";
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
}

/** A complete HTTP answer with a JSON body. */
export function answerOf(body: unknown, status = 200, headers = ""): string {
  const text = JSON.stringify(body);
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n${headers}\r\n${text}`;
}

/** Starts a gateway with one customer of each role, in front of `providerUrl`. */
export async function startGuarded(
  providerUrl: string,
  config: Partial<GatewayConfigInput> = {},
  policy: Policy = QUIET,
): Promise<Gateway> {
  const gateway = createGateway({
    config: {
      port: 0,
      providers: { openai: { baseUrl: providerUrl }, anthropic: { baseUrl: providerUrl } },
      client: { headersTimeoutMs: 2_000, bodyTimeoutMs: 2_000 },
      drainTimeoutMs: 500,
      customers: (["caller", "monitor", "admin"] as const).map((role) => ({
        name: `the-${role}`,
        role,
        keys: [`sha256:${createHash("sha256").update(KEYS[role]).digest("hex")}`],
      })),
      ...config,
    },
    guard: createGuard({ policy }),
    version: "0.0.0-test",
  });
  await gateway.listen();
  return gateway;
}

/** A route as the gateway's own OpenAPI document tells it. */
export interface ListedRoute {
  readonly method: string;
  /** With `gpt-4` in the place of an identifier. */
  readonly path: string;
}

/** Every route, read from the gateway itself: one that is added later is tested too. */
export async function listRoutes(url: string): Promise<ListedRoute[]> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{[^}]*\}/g, "gpt-4"),
    })),
  );
}

/** Whether a route leads to a provider. */
export function isProxied({ path }: ListedRoute): boolean {
  return /^\/(?:openai\/|anthropic\/)?v1\//.test(path);
}

/** Sends raw bytes and reads until the other side closes, or nothing has come for `quietMs` after an answer. */
export function sendRaw(port: number, bytes: string | Buffer, quietMs = 150): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    let timer: NodeJS.Timeout | undefined;
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
      timer = setTimeout(() => socket.destroy(), 4_000);
    });
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      clearTimeout(timer);
      timer = setTimeout(() => socket.destroy(), quietMs);
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** Index after the first complete request in `bytes`, or -1. Bodies are delimited by content-length, as the gateway sends them. */
function endOf(bytes: string): number {
  const head = bytes.indexOf("\r\n\r\n");
  if (head === -1) return -1;
  const length = /\r\ncontent-length: (\d+)/i.exec(bytes.slice(0, head + 2))?.[1];
  const end = head + 4 + Number(length ?? 0);
  return bytes.length < end ? -1 : end;
}
