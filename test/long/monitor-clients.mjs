// Opens many WebSockets without a library and tells, on standard output, what reached them.
// Arguments: port, path, connections. `ready` is written when all are open; a line on standard input ends the count.
import { connect } from "node:net";

const [port, path, count] = [Number(process.argv[2]), process.argv[3], Number(process.argv[4])];
/** Empty ping of a server, empty pong of a client under a mask of zeros (RFC 6455, section 5.5). */
const PING = "\x89\x00";
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

const latenciesMs = [];
const perConnection = new Uint32Array(count);
let closed = 0;
let isOver = false;

function open(index) {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    let isOpen = false;
    socket.on("error", reject);
    socket.on("close", () => {
      if (!isOver) closed += 1;
    });
    socket.on("data", (data) => {
      const text = data.toString("latin1");
      if (!isOpen) {
        isOpen = text.startsWith("HTTP/1.1 101");
        if (isOpen) resolve();
        else reject(new Error(text.slice(0, 40)));
      }
      if (text.includes(PING)) socket.write(PONG);
      for (const [, sentMs] of text.matchAll(/"detection_result".{0,80}?"ts":(\d+)/g)) {
        latenciesMs.push(Date.now() - Number(sentMs));
        perConnection[index] += 1;
      }
    });
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
  });
}

for (let i = 0; i < count; i += 100)
  await Promise.all(Array.from({ length: Math.min(100, count - i) }, (_, k) => open(i + k)));
process.stdout.write("ready\n");
process.stdin.once("data", () => {
  isOver = true;
  latenciesMs.sort((a, b) => a - b);
  const at = (share) => latenciesMs[Math.floor(share * (latenciesMs.length - 1))] ?? -1;
  const fewest = perConnection.reduce((least, events) => Math.min(least, events), Number.MAX_SAFE_INTEGER);
  const result = { closed, events: latenciesMs.length, fewest, p50Ms: at(0.5), p99Ms: at(0.99) };
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
});
