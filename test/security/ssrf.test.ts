import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import {
  answerOf,
  isProxied,
  type ListedRoute,
  listRoutes,
  type RawProvider,
  sendRaw,
  startGuarded,
  startRawProvider,
} from "./guarded-gateway.ts";

/** Spellings of hosts that must never be called, `PORT` stands for a listening trap. Source: OWASP, "SSRF Prevention". */
const HOSTS = [
  "127.0.0.1:PORT",
  "127.1:PORT",
  "localhost:PORT",
  "2130706433:PORT",
  "0x7f000001:PORT",
  "0177.0.0.1:PORT",
  "[::1]:PORT",
  "[::ffff:127.0.0.1]:PORT",
  "[::ffff:7f00:1]:PORT",
  "169.254.169.254",
  "[fd00:ec2::254]",
  "10.0.0.1",
  "192.168.0.1",
  "metadata.google.internal",
  "127.0.0.1.nip.io:PORT",
  "provider.example@127.0.0.1:PORT",
  "127.0.0.1:PORT#@provider.example",
];

/** Headers by which gateways let clients choose a host. Sources: Portkey, LiteLLM, Envoy, RFC 7239. */
const HOST_HEADERS = [
  "x-portkey-custom-host",
  "x-rampart-upstream",
  "x-rampart-base-url",
  "x-base-url",
  "x-upstream-url",
  "x-envoy-original-dst-host",
  "x-forwarded-host",
  "x-original-url",
  "x-rewrite-url",
  "x-host",
  "forwarded",
];

/** Body fields by which SDKs and gateways name a host. */
const HOST_FIELDS = ["base_url", "api_base", "baseURL", "custom_host", "endpoint", "proxy"];

let provider: RawProvider;
let trap: Server;
let trapPort: number;
let trapped = 0;
let gateway: Gateway;
let port: number;
let routes: ListedRoute[];
const dialled = new Set<string>();

/** Every host that the gateway's HTTP client is about to connect to. */
function onConnect(message: unknown): void {
  const { connectParams } = message as { connectParams: { host: string } };
  dialled.add(connectParams.host);
}

beforeAll(async () => {
  provider = await startRawProvider();
  trap = createServer((_request, response) => {
    trapped += 1;
    response.end("{}");
  });
  await new Promise<void>((resolve) => trap.listen(0, resolve));
  trapPort = (trap.address() as AddressInfo).port;
  gateway = await startGuarded(provider.url, { customers: [], upstream: { breaker: { enabled: false } } });
  port = gateway.address?.port ?? 0;
  routes = (await listRoutes(gateway.address?.url ?? "")).filter(isProxied);
  subscribe("undici:client:beforeConnect", onConnect);
});

afterAll(async () => {
  unsubscribe("undici:client:beforeConnect", onConnect);
  await gateway?.close();
  provider?.close();
  trap?.close();
});

function request(
  { method, path }: ListedRoute,
  target: string,
  headers: string,
  fields: object = {},
): string {
  const body = method === "GET" ? "" : JSON.stringify({ messages: [], ...fields });
  return `${method} ${target.replace("PATH", path)} HTTP/1.1\r\n${headers}content-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`;
}

const at = (host: string) => host.replace("PORT", String(trapPort));

describe("no client chooses the host of a provider", () => {
  it("is tried on every proxy route", () => {
    expect(routes.length).toBeGreaterThanOrEqual(20);
  });

  it.each(HOSTS)("%s, by request line, header, body or query", async (spelling) => {
    const host = at(spelling);
    provider.forget();
    dialled.clear();
    const named = HOST_HEADERS.map((name) => `${name}: http://${host}\r\n`).join("");
    const fields = Object.fromEntries(HOST_FIELDS.map((name) => [name, `http://${host}/v1`]));
    const query = HOST_FIELDS.map((name) => `${name}=${encodeURIComponent(`http://${host}`)}`).join("&");
    const lostPaths = [
      `//${host}/v1/models`,
      `/v1/models/../../@${host}/`,
      `/v1/models/@${host}`,
      `/v1/http://${host}/`,
    ];
    const answers = await Promise.all([
      ...routes.flatMap((route) => [
        sendRaw(port, request(route, `http://${host}PATH`, "host: x\r\n")),
        sendRaw(port, request(route, "PATH", `host: ${host}\r\n${named}`, fields)),
        sendRaw(port, request(route, `PATH?${query}`, "host: x\r\n")),
      ]),
      ...lostPaths.map((path) => sendRaw(port, request({ method: "GET", path }, "PATH", "host: x\r\n"))),
    ]);
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 [245]\d\d /);
    expect(trapped).toBe(0);
    for (const name of dialled) expect(`http://${name}`).toBe(provider.url);
    // Whatever reached the provider was addressed to it, and named no other host in its head.
    const heads = provider.received().split(/\r\n\r\n/);
    for (const line of provider.received().match(/^host: .*$/gim) ?? [])
      expect(`http://${line.slice(6).trim()}`).toBe(provider.url);
    for (const name of HOST_HEADERS) expect(heads.join("\n").toLowerCase()).not.toContain(`\n${name}:`);
    expect(provider.received().length).toBeGreaterThan(0);
  });

  it.each([301, 302, 303, 307, 308])("nor does the provider, by a redirect %i", async (status) => {
    provider.answer = answerOf({}, status, `location: http://127.0.0.1:${trapPort}/\r\n`);
    try {
      for (const route of routes) {
        const answer = await sendRaw(port, request(route, "PATH", "host: x\r\n"));
        expect(answer).toMatch(/^HTTP\/1\.1 502 /);
        expect(answer).toContain("RMP_UPSTREAM_PROTOCOL");
        expect(answer).not.toContain(String(trapPort));
      }
      expect(trapped).toBe(0);
    } finally {
      provider.answer = answerOf({ choices: [] });
    }
  });

  it.each([
    "http://user:secret@127.0.0.1/",
    "http://127.0.0.1/?x=1",
    "http://127.0.0.1/#x",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "//127.0.0.1/",
    "127.0.0.1",
  ])("nor does a configuration with %s", async (baseUrl) => {
    await expect(startGuarded(baseUrl)).rejects.toMatchObject({ code: "RMP_CONFIG_INVALID" });
  });
});
