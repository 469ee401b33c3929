// A gateway with a planted bug, in a process of its own: `node buggy-gateway.mjs UPSTREAM none|cross-talk|streaming ONE_IN`.
// cross-talk: one answer in so many is that of the request before; streaming: one stream in so many loses an event.
import { Agent, createServer, request } from "node:http";
import { createGuard } from "../../dist/backends/index.js";
import { createGateway } from "../../dist/gateway/index.js";

const [, , upstream, bug, oneIn] = process.argv;
const gateway = createGateway({
  config: { port: 0, providers: { openai: { baseUrl: upstream }, anthropic: { baseUrl: upstream } } },
  guard: createGuard(),
  version: "0.0.0-test",
});
const inner = await gateway.listen();
const agent = new Agent({ keepAlive: true, maxSockets: 256 });
let before = null;
let plain = 0;
let streams = 0;

const front = createServer((asked, answer) => {
  const parts = [];
  asked.on("data", (part) => parts.push(part));
  asked.on("end", () => {
    const onward = request(
      {
        host: inner.host,
        port: inner.port,
        agent,
        method: asked.method,
        path: asked.url,
        headers: asked.headers,
      },
      (got) => {
        const isStream = String(got.headers["content-type"]).startsWith("text/event-stream");
        const chunks = [];
        if (isStream) {
          streams += 1;
          answer.writeHead(got.statusCode, got.headers);
        }
        const isHit = bug === "streaming" && isStream && streams % Number(oneIn) === 0;
        let dropped = false;
        let words = 0;
        got.on("data", (chunk) => {
          if (!isStream) chunks.push(chunk);
          else if (isHit && !dropped) {
            // The third event with words is lost, whether it comes alone or among others.
            const kept = chunk
              .toString()
              .split(/(?<=\n\n)/)
              .filter((event) => {
                if (!event.includes('"content":"')) return true;
                words += 1;
                dropped ||= words === 3;
                return words !== 3;
              });
            answer.write(kept.join(""));
          } else answer.write(chunk);
        });
        got.on("end", () => {
          if (isStream) return answer.end();
          let body = Buffer.concat(chunks);
          if (asked.url.includes("completions")) {
            plain += 1;
            const own = body;
            if (bug === "cross-talk" && plain % Number(oneIn) === 0 && before !== null) body = before;
            before = own;
          }
          answer.writeHead(got.statusCode, { ...got.headers, "content-length": body.length });
          answer.end(body);
        });
      },
    );
    onward.on("error", () => answer.destroy());
    onward.end(Buffer.concat(parts));
  });
});
front.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${front.address().port}\n`));
process.on("SIGTERM", () => void gateway.close().then(() => process.exit(0)));
