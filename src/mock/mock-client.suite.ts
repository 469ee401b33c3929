import { createConnection } from "node:net";
import { onTestFinished } from "vitest";
import type { MockConfig } from "#contract";
import { createMockLlm, type MockLlm } from "./mock-llm.ts";

/** A mock on a free port that is closed when the test ends. */
export async function startMock(config: Partial<MockConfig> = {}): Promise<{ mock: MockLlm; url: string }> {
  const mock = createMockLlm({ config });
  const { url } = await mock.listen({ port: 0 });
  onTestFinished(() => mock.close());
  return { mock, url };
}

/** Posts JSON (or a text as it is). */
export function post(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, {
    method: "POST",
    body: typeof body === "string" ? body : JSON.stringify(body),
    headers: { "content-type": "application/json", ...headers },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** A chat request with one user message. */
export function chatBody(text: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { model: "gpt-4", messages: [{ role: "user", content: text }], ...more };
}

/** The `data:` lines of an event stream, parsed; `[DONE]` stays text. */
export function eventsOf(streamText: string): unknown[] {
  return streamText
    .split("\n")
    .filter((line) => line.startsWith("data: "))
    .map((line) => (line === "data: [DONE]" ? "[DONE]" : JSON.parse(line.slice("data: ".length))));
}

/** The data parts of a chunked answer's body as they stood on the wire: one buffer a chunk. */
export function rawChunks(url: string, path: string, body: unknown): Promise<Buffer[]> {
  const text = JSON.stringify(body);
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    const socket = createConnection(Number(port), hostname);
    socket.on("error", reject);
    socket.on("data", (part) => received.push(part));
    socket.on("end", () => resolve(dechunk(Buffer.concat(received))));
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: mock\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  });
}

/** Waits until a condition holds, one turn of the event loop at a time, for at most two seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const startMs = performance.now();
  while (!condition()) {
    if (performance.now() - startMs > 2000) throw new Error("the condition did not come true");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function dechunk(answer: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  let position = answer.indexOf("\r\n\r\n") + 4;
  for (;;) {
    const lineEnd = answer.indexOf("\r\n", position);
    const bytes = Number.parseInt(answer.toString("latin1", position, lineEnd), 16);
    if (lineEnd < 0 || !(bytes > 0)) return chunks;
    chunks.push(answer.subarray(lineEnd + 2, lineEnd + 2 + bytes));
    position = lineEnd + 2 + bytes + 2;
  }
}
