/** A provider that costs next to nothing: answers every request with the same chat completion over plain sockets. */
import { createServer } from "node:net";
import { answerCpu, tell } from "./control.mjs";

const text =
  "Thank you for your message. I have noted that the customer can be reached at [EMAIL_1] and by phone at [PHONE_1]. " +
  "The next step is to confirm the delivery address and the preferred time slot, after which the order will be sent " +
  "out within two working days. Please let me know whether anything else is needed, and I will gladly help you with it.";
const body = JSON.stringify({
  id: "chatcmpl-0001",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "gpt-4",
  choices: [
    { index: 0, message: { role: "assistant", content: text }, logprobs: null, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 80, completion_tokens: 70, total_tokens: 150 },
});
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: up-1\r\nopenai-processing-ms: 1\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: keep-alive\r\n\r\n${body}`,
);

const server = createServer({ noDelay: true }, (socket) => {
  let received = "";
  socket.on("error", () => socket.destroy());
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    for (;;) {
      const head = received.indexOf("\r\n\r\n");
      if (head === -1) return;
      const length = Number(/content-length: (\d+)/i.exec(received.slice(0, head))?.[1] ?? 0);
      if (received.length < head + 4 + length) return;
      received = received.slice(head + 4 + length);
      socket.write(answer);
    }
  });
});
server.listen(0, "127.0.0.1", () => tell({ kind: "listening", port: server.address().port }));
answerCpu();
