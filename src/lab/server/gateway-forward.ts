/** Passes requests and WebSockets of the console on to the gateway, so that the page needs one origin only. */
import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect as netConnect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { connect as tlsConnect } from "node:tls";

/** Headers of one hop (RFC 9110, section 7.6.1), not passed on. */
const HOP_HEADERS = new Set(
  "connection keep-alive proxy-authenticate proxy-authorization te trailer transfer-encoding upgrade".split(
    " ",
  ),
);

/** Forwards to one gateway. */
export interface GatewayForward {
  /** Streams a request and its answer; answers 502 when the gateway cannot be reached. */
  request(path: string, request: IncomingMessage, response: ServerResponse): void;
  /** Joins an upgrade request's socket with the gateway's. */
  upgrade(path: string, request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** @param gatewayUrl base URL of the gateway, http or https */
export function createGatewayForward(gatewayUrl: string): GatewayForward {
  const base = new URL(gatewayUrl);
  const isTls = base.protocol === "https:";
  const port = Number(base.port || (isTls ? 443 : 80));
  const hostname = base.hostname.replace(/^\[|\]$/g, "");

  return {
    request(path, request, response) {
      const send = isTls ? httpsRequest : httpRequest;
      const onward = send(
        { hostname, port, path, method: request.method, headers: onwardHeaders(request, base.host) },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, withoutHopHeaders(answer.headers));
          answer.pipe(response);
        },
      );
      onward.on("error", () => {
        if (response.headersSent) response.destroy();
        else {
          response.writeHead(502, { "content-type": "application/json" });
          response.end('{"error":{"code":"RMP_NET_UNREACHABLE","message":"the gateway cannot be reached"}}');
        }
      });
      response.on("close", () => onward.destroy());
      request.pipe(onward);
    },

    upgrade(path, request, socket, head) {
      const gateway: Socket = isTls
        ? tlsConnect({ host: hostname, port, servername: hostname })
        : netConnect(port, hostname);
      const close = () => {
        socket.destroy();
        gateway.destroy();
      };
      gateway.on("error", close);
      socket.on("error", close);
      gateway.on("close", close);
      socket.on("close", close);
      gateway.once(isTls ? "secureConnect" : "connect", () => {
        const lines = [`GET ${path} HTTP/1.1`, `Host: ${base.host}`];
        for (const [name, value] of pairs(request.rawHeaders))
          if (!/^(?:host|origin)$/i.test(name)) lines.push(`${name}: ${value}`);
        gateway.write(`${lines.join("\r\n")}\r\n\r\n`);
        gateway.write(head);
        socket.pipe(gateway).pipe(socket);
      });
    },
  };
}

function onwardHeaders(request: IncomingMessage, host: string): string[] {
  const headers: string[] = ["host", host];
  for (const [name, value] of pairs(request.rawHeaders)) {
    const lower = name.toLowerCase();
    // The gateway sees the lab as its client; the browser's Origin was judged here.
    if (lower !== "host" && lower !== "origin" && !HOP_HEADERS.has(lower)) headers.push(name, value);
  }
  if (request.headers["transfer-encoding"] !== undefined) headers.push("transfer-encoding", "chunked");
  return headers;
}

function withoutHopHeaders(headers: IncomingMessage["headers"]): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !HOP_HEADERS.has(name)) kept[name] = value;
  return kept;
}

function* pairs(rawHeaders: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    yield [rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""];
}
