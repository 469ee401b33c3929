import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Gateway } from "#gateway";
import { type RawProvider, sendRaw, startGuarded, startRawProvider } from "./guarded-gateway.ts";

const BODY = '{"messages":[]}';
const START = "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n";
/** A request hidden in what one of two readers takes for a body. It would be counted as a second one. */
const HIDDEN = "GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\n";
const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;

let provider: RawProvider;
let gateway: Gateway;
let port: number;

beforeAll(async () => {
  provider = await startRawProvider();
  gateway = await startGuarded(provider.url, { customers: [] });
  port = gateway.address?.port ?? 0;
});

beforeEach(() => provider.forget());

afterAll(async () => {
  await gateway?.close();
  provider?.close();
});

/** Requests that the provider saw. */
const seen = () => provider.received().match(/(?:GET|POST) \S+ HTTP\/1\.1/g) ?? [];
const answers = (text: string) => text.match(/HTTP\/1\.1 \d{3}/g) ?? [];

describe("requests whose end two readers could see in two places", () => {
  it.each([
    ["CL and TE", `content-length: ${BODY.length}\r\ntransfer-encoding: chunked\r\n\r\n${chunked(BODY)}`],
    ["TE and CL", `transfer-encoding: chunked\r\ncontent-length: 4\r\n\r\n${chunked(BODY)}`],
    [
      "CL.TE with a hidden request",
      `content-length: ${5 + HIDDEN.length}\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${HIDDEN}`,
    ],
    [
      "TE.CL with a hidden request",
      `transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n${chunked(HIDDEN)}`,
    ],
    ["two lengths that differ", `content-length: ${BODY.length}\r\ncontent-length: 3\r\n\r\n${BODY}`],
    [
      "two lengths that agree",
      `content-length: ${BODY.length}\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`,
    ],
    ["a list of lengths", `content-length: ${BODY.length}, ${BODY.length}\r\n\r\n${BODY}`],
    ["a signed length", `content-length: +${BODY.length}\r\n\r\n${BODY}`],
    ["a negative length", `content-length: -1\r\n\r\n${BODY}`],
    ["a hexadecimal length", `content-length: 0x0f\r\n\r\n${BODY}`],
    ["a length with a fraction", `content-length: 15.0\r\n\r\n${BODY}`],
    ["a length of 21 digits", `content-length: 100000000000000000015\r\n\r\n${BODY}`],
    ["an empty length", `content-length: \r\n\r\n${BODY}`],
    ["an unknown transfer coding", `transfer-encoding: xchunked\r\n\r\n${chunked(BODY)}`],
    ["chunked that is not last", `transfer-encoding: chunked, identity\r\n\r\n${chunked(BODY)}`],
    ["a quoted transfer coding", `transfer-encoding: "chunked"\r\n\r\n${chunked(BODY)}`],
    ["a space before the colon", `transfer-encoding : chunked\r\n\r\n${chunked(BODY)}`],
    ["a name with a control character", `content\x0blength: 3\r\n\r\n${BODY}`],
    ["a folded header", `x-a: b\r\n content-length: 3\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`],
    ["a folded length", `content-length:\r\n ${BODY.length}\r\n\r\n${BODY}`],
    ["a bare carriage return in a value", `x-a: b\rcontent-length: 3\r\n\r\n${BODY}`],
    ["a NUL in a value", `x-a: b\0c\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`],
    ["a chunk size with a sign", `transfer-encoding: chunked\r\n\r\n+f\r\n${BODY}\r\n0\r\n\r\n`],
    ["a chunk size with a prefix", `transfer-encoding: chunked\r\n\r\n0xf\r\n${BODY}\r\n0\r\n\r\n`],
    [
      "a chunk size of 17 digits",
      `transfer-encoding: chunked\r\n\r\n1000000000000000f\r\n${BODY}\r\n0\r\n\r\n`,
    ],
    ["a chunk that is longer than it says", `transfer-encoding: chunked\r\n\r\n3\r\n${BODY}\r\n0\r\n\r\n`],
    ["a chunk ended by a line feed alone", `transfer-encoding: chunked\r\n\r\nf\n${BODY}\r\n0\r\n\r\n`],
  ])("are refused, and what follows them is not read: %s", async (_name, rest) => {
    const text = await sendRaw(port, `${START}${rest}${HIDDEN}`);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(answers(text)).toHaveLength(1);
    expect(text.toLowerCase()).toContain("connection: close");
    // A part that came before the fault may have been a request of its own; nothing hidden ever is.
    expect(seen()).not.toContain("GET /v1/models HTTP/1.1");
    expect(seen()).toHaveLength(0);
  });

  it("are read once when there is only one way to read them", async () => {
    const text = await sendRaw(
      port,
      `${START}transfer-encoding: chunked\r\n\r\nf;x=y\r\n${BODY}\r\n0\r\nx-trailer: 1\r\n\r\n${HIDDEN}`,
    );
    expect(answers(text)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200"]);
    expect(seen()).toEqual(["POST /v1/chat/completions HTTP/1.1", "GET /v1/models HTTP/1.1"]);
    expect(provider.received()).not.toContain("x-trailer");
    expect(provider.received()).not.toContain("transfer-encoding");
  });
});

describe("headers that reach a provider", () => {
  it("are those of the list, each once, with the gateway's own framing", async () => {
    const sent = [
      "host: evil.example",
      "connection: close, authorization",
      "authorization: Bearer sk-one",
      "authorization: Bearer sk-two",
      "AUTHORIZATION: Bearer sk-three",
      "openai-beta: a",
      "openai-beta: b",
      "x-forwarded-for: 10.0.0.1",
      "forwarded: for=10.0.0.1",
      "x-real-ip: 10.0.0.1",
      "via: 1.1 other",
      "cookie: a=b",
      "te: trailers",
      "trailer: x-trailer",
      "upgrade: h2c",
      "http2-settings: AAMAAABkAARAAAAAAAIAAAAA",
      "proxy-authorization: Basic eDp5",
      "x-rampart-key: something",
      "x-session-id: s",
      "x-user-id: u",
      "x-customer-id: c",
      "expect: 100-continue",
      "accept-encoding: gzip",
      "x-http-method-override: DELETE",
      `content-length: ${BODY.length}`,
    ];
    await sendRaw(port, `POST /v1/chat/completions HTTP/1.1\r\n${sent.join("\r\n")}\r\n\r\n${BODY}`);
    const [head = ""] = provider.received().split("\r\n\r\n");
    const names = head
      .split("\r\n")
      .slice(1)
      .map((line) => line.slice(0, line.indexOf(":")).toLowerCase());
    expect(names.toSorted()).toEqual([
      "accept-encoding",
      "authorization",
      "connection",
      "content-length",
      "host",
      "openai-beta",
    ]);
    expect(head).toContain("authorization: Bearer sk-one");
    expect(head).not.toContain("sk-two");
    expect(head).not.toContain("evil.example");
    expect(head.toLowerCase()).toContain("accept-encoding: identity");
  });

  it("hold no line that a client wrote into one", async () => {
    for (const value of [
      "a%0d%0ax-injected: 1",
      "a\\r\\nx-injected: 1",
      "a\u0085x-injected: 1",
      "a\u2028x-injected: 1",
    ]) {
      const bytes = Buffer.from(value, "utf8").toString("latin1");
      await sendRaw(port, `${START}openai-beta: ${bytes}\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`);
      expect(provider.received()).not.toMatch(/^x-injected/m);
      const split = await sendRaw(
        port,
        `GET /v1/models/${bytes.replace(/ /g, "")} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      );
      expect(split).not.toMatch(/^x-injected/m);
    }
    expect(provider.received()).not.toMatch(/^x-injected/m);
  });
});

describe("headers that reach a client", () => {
  it("are those of the list, and hold no line that the provider's values hid", async () => {
    provider.answer = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nset-cookie: a=b\r\nserver: internal\r\nlocation: http://internal/\r\nx-powered-by: internal\r\naccess-control-allow-origin: *\r\nx-rampart-guards: forged\r\nx-request-id: forged\r\nrequest-id: req_1\r\ncontent-length: 2\r\n\r\n{}`;
    const text = await sendRaw(
      port,
      `${START}content-length: ${BODY.length}\r\nconnection: close\r\n\r\n${BODY}`,
    );
    expect(text).toContain("request-id: req_1");
    for (const name of ["set-cookie", "server", "location", "x-powered-by", "access-control-allow-origin"])
      expect(text.toLowerCase()).not.toContain(`\r\n${name}:`);
    expect(text).not.toContain("forged");
    for (const answer of [
      "HTTP/1.1 200 OK\r\nrequest-id: a\rset-cookie: b\r\ncontent-length: 2\r\n\r\n{}",
      "HTTP/1.1 200 OK\r\nrequest-id: a\0b\r\ncontent-length: 2\r\n\r\n{}",
    ]) {
      provider.answer = answer;
      const broken = await sendRaw(
        port,
        `${START}content-length: ${BODY.length}\r\nconnection: close\r\n\r\n${BODY}`,
      );
      expect(broken).toMatch(/^HTTP\/1\.1 502 /);
      expect(broken).not.toContain("set-cookie");
    }
  });
});
