import { get } from "node:http";
import net, { type AddressInfo } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "./protocol-error.ts";
import { parseHeaders, type ResponseHead } from "./response-head.ts";
import { ResponseParser } from "./response-parser.ts";

interface Parsed {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly used: number;
}

/** Feeds the pieces in turn; null when the response is not complete. */
function parse(pieces: readonly Buffer[], method = "GET"): Parsed | null {
  const parser = new ResponseParser();
  let head: ResponseHead | null = null;
  const body: Buffer[] = [];
  parser.begin(
    method,
    (found) => {
      head = found;
    },
    (buffer, start, end) => body.push(Buffer.from(buffer.subarray(start, end))),
  );
  let used = 0;
  for (const piece of pieces) used += parser.feed(piece, 0, piece.length);
  const found = head as ResponseHead | null;
  if (!parser.finish() || found === null) return null;
  return {
    status: found.status,
    headers: parseHeaders(found.text),
    body: Buffer.concat(body).toString("latin1"),
    used,
  };
}

function cut(bytes: Buffer, points: readonly number[]): Buffer[] {
  const sorted = [...new Set(points.map((point) => point % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...sorted, bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge));
}

const token = fc.stringMatching(/^x-[a-z0-9!#$%&'*+.^_`|~-]{1,12}$/);
const fieldValue = fc.stringMatching(/^(?:[!-~](?:[ -~]{0,20}[!-~])?)?$/);
const bodyText = fc.string({
  unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  maxLength: 200,
});

const response = fc
  .record({
    minor: fc.constantFrom("0", "1"),
    status: fc.constantFrom(200, 201, 206, 304, 204, 404, 500, 599),
    reason: fc.constantFrom("", " ", " OK", " Not  quite"),
    headers: fc.array(fc.tuple(token, fieldValue), { maxLength: 5 }),
    body: bodyText,
    framing: fc.constantFrom("length", "chunked", "close"),
    chunkBytes: fc.integer({ min: 1, max: 60 }),
    extension: fc.constantFrom("", ";a=1", ';b="x"'),
    trailer: fc.constantFrom("", "x-trailer: 1\r\n"),
  })
  .map((parts) => {
    const hasBody = parts.status !== 204 && parts.status !== 304;
    let text = `HTTP/1.${parts.minor} ${parts.status}${parts.reason}\r\n`;
    for (const [name, value] of parts.headers) text += `${name}: ${value}\r\n`;
    if (!hasBody) return `${text}\r\n`;
    if (parts.framing === "length") return `${text}Content-Length: ${parts.body.length}\r\n\r\n${parts.body}`;
    if (parts.framing === "close" || parts.minor === "0")
      return `${text}Connection: close\r\n\r\n${parts.body}`;
    let chunks = "";
    for (let at = 0; at < parts.body.length; at += parts.chunkBytes) {
      const piece = parts.body.slice(at, at + parts.chunkBytes);
      chunks += `${piece.length.toString(16)}${parts.extension}\r\n${piece}\r\n`;
    }
    return `${text}Transfer-Encoding: chunked\r\n\r\n${chunks}0\r\n${parts.trailer}\r\n`;
  });

/** What node's own client reads from these bytes. */
async function parseWithNode(texts: readonly string[]): Promise<Omit<Parsed, "used">[]> {
  let next = 0;
  const server = net.createServer((socket) => {
    const text = texts[next++]!;
    socket.on("error", () => {});
    socket.once("data", () => socket.end(Buffer.from(text, "latin1")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const parsed: Omit<Parsed, "used">[] = [];
  for (const _ of texts)
    parsed.push(
      await new Promise((resolve, reject) => {
        get({ port, host: "127.0.0.1", agent: false, joinDuplicateHeaders: true }, (message) => {
          const body: Buffer[] = [];
          message.on("data", (data: Buffer) => body.push(data));
          message.on("error", reject);
          message.on("end", () =>
            resolve({
              status: message.statusCode!,
              headers: { ...(message.headers as Record<string, string>) },
              body: Buffer.concat(body).toString("latin1"),
            }),
          );
        }).on("error", reject);
      }),
    );
  server.close();
  return parsed;
}

describe("ResponseParser", () => {
  it("reads what node's parser reads", async () => {
    const texts = fc.sample(response, { numRuns: 150, seed: 7 });
    const expected = await parseWithNode(texts);
    texts.forEach((text, index) => {
      const parsed = parse([Buffer.from(text, "latin1")]);
      const { used, ...rest } = parsed!;
      expect({ ...rest, headers: { ...rest.headers } }).toEqual(expected[index]);
      expect(used).toBe(text.length);
    });
  });

  it("reads the same from any split", () => {
    fc.assert(
      fc.property(response, fc.array(fc.nat(), { maxLength: 8 }), (text, points) => {
        const bytes = Buffer.from(text, "latin1");
        expect(parse(cut(bytes, points))).toEqual(parse([bytes]));
      }),
      { numRuns: 300 },
    );
  });

  it("reads the same byte by byte", () => {
    const [text] = fc.sample(response, { numRuns: 1, seed: 3 });
    const bytes = Buffer.from(`HTTP/1.1 100 Continue\r\n\r\n${text}`, "latin1");
    expect(parse([...bytes].map((byte) => Buffer.from([byte])))).toEqual(parse([bytes]));
    expect(parse([bytes])).not.toBeNull();
  });

  it("ends in a protocol error, a response or nothing when bytes are damaged, never in anything else", () => {
    let refused = 0;
    fc.assert(
      fc.property(
        response,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(), { maxLength: 3 }),
        (text, damage, points) => {
          const bytes = Buffer.from(text, "latin1");
          for (const [at, byte] of damage) bytes[at % bytes.length] = byte;
          try {
            parse(cut(bytes, points));
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError);
            refused += 1;
          }
        },
      ),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(50);
  });

  it.each([
    ["no HTTP", "SSH-2.0-OpenSSH\r\n\r\n"],
    ["HTTP/2 text", "HTTP/2.0 200 OK\r\n\r\n"],
    ["bad status", "HTTP/1.1 2x0 OK\r\n\r\n"],
    ["bad header name", "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n"],
    ["folded header", "HTTP/1.1 200 OK\r\na: x\r\n y\r\n\r\n"],
    ["NUL in a value", "HTTP/1.1 200 OK\r\na: x\0y\r\n\r\n"],
    ["bare LF", "HTTP/1.1 200 OK\r\na: x\nb: y\r\n\r\n"],
    ["negative length", "HTTP/1.1 200 OK\r\ncontent-length: -1\r\n\r\n"],
    ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n"],
    ["length and chunked", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n"],
    ["bad chunk size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nxyz\r\n"],
    ["chunk longer than its size", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n"],
  ])("refuses %s", (_what, text) => {
    expect(() => parse([Buffer.from(text, "latin1")])).toThrow(ProtocolError);
  });

  it("does not take a body after HEAD, 204 or 304 for granted", () => {
    const text = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n";
    expect(parse([Buffer.from(text)], "HEAD")?.body).toBe("");
    expect(parse([Buffer.from(text)], "GET")).toBeNull();
  });

  it("leaves what follows the response unread", () => {
    const text = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokHTTP/1.1 200";
    expect(parse([Buffer.from(text)])).toMatchObject({ body: "ok", used: text.length - 12 });
  });

  it("bounds the head", () => {
    const endless = Buffer.from(`HTTP/1.1 200 OK\r\na: ${"x".repeat(70_000)}`);
    expect(() => parse([endless])).toThrow(ProtocolError);
  });
});
