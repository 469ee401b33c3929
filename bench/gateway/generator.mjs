/** Closed-loop load over plain sockets: chats with an address and a phone number. */
import { connect } from "node:net";
import { tell } from "./control.mjs";

let sent = 0;

/** Different chats among those that are sent again. */
const REPEATED = 40;

/** One chat of about 480 bytes. What is sent again asks for the one answer that temperature 0 has. */
function nextRequest(texts, headers) {
  sent += 1;
  const order = texts === "new" ? sent : sent % REPEATED;
  const customer = texts === "repeated" ? order : sent;
  const line = String(1_000 + (customer % 9_000));
  const content =
    `Hello, this is order ${order} speaking. Please confirm the delivery to customer${customer}@example.com and call back at ` +
    `phone 555-0${line.slice(0, 2)}-${line} before noon. The parcel holds two lamps and a chair; the driver needs to ` +
    "know whether the back door can be used, and whether somebody will be at home to sign for it.";
  const body = JSON.stringify({
    model: "gpt-4",
    temperature: texts === "new" ? 0.7 : 0,
    messages: [
      { role: "system", content: "You are a helpful assistant of a furniture shop." },
      { role: "user", content },
    ],
  });
  return `POST /v1/chat/completions HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\nauthorization: Bearer sk-bench\r\n${headers}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Whether an answer is there to its end; chunked ones end with a chunk of nothing (RFC 9112, section 7.1). */
function isComplete(received, head) {
  const fields = received.slice(0, head);
  if (/transfer-encoding: chunked/i.test(fields)) return received.endsWith("\r\n0\r\n\r\n");
  const length = Number(/content-length: (\d+)/i.exec(fields)?.[1] ?? 0);
  return received.length >= head + 4 + length;
}

function run({ port, connections, requests, texts, headers }) {
  let begun = 0;
  let done = 0;
  let wrong = 0;
  let open = connections;
  const latencyUs = [];
  for (let i = 0; i < connections; i += 1) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    let received = "";
    let startedMs = 0;
    const next = () => {
      if (begun >= requests) {
        socket.end();
        return;
      }
      begun += 1;
      startedMs = performance.now();
      socket.write(nextRequest(texts, headers));
    };
    socket.on("connect", next);
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
      const head = received.indexOf("\r\n\r\n");
      if (head === -1) return;
      if (!isComplete(received, head)) return;
      if (!received.startsWith("HTTP/1.1 200")) wrong += 1;
      received = "";
      done += 1;
      latencyUs.push(Math.round((performance.now() - startedMs) * 1000));
      next();
    });
    socket.on("error", () => {
      wrong += 1;
    });
    socket.on("close", () => {
      open -= 1;
      if (open === 0) tell({ kind: "done", requests: done, wrong, latencyUs });
    });
  }
}

process.on("message", (message) => {
  if (message.kind === "load") run(message);
});
process.on("disconnect", () => process.exit(0));
