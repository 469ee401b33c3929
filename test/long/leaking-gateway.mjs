// A gateway in a process of its own that keeps so many bytes a second for ever: `node leaking-gateway.mjs UPSTREAM BYTES`.
import { createGuard } from "../../dist/backends/index.js";
import { createGateway } from "../../dist/gateway/index.js";

const [, , upstream, bytesPerSec] = process.argv;
const gateway = createGateway({
  config: { port: 0, providers: { openai: { baseUrl: upstream }, anthropic: { baseUrl: upstream } } },
  guard: createGuard(),
  version: "0.0.0-test",
});
const { url } = await gateway.listen();
const kept = [];
if (Number(bytesPerSec) > 0)
  setInterval(() => kept.push(Buffer.alloc(Number(bytesPerSec), kept.length)), 1000);
process.on("SIGTERM", () => void gateway.close().then(() => process.exit(0)));
process.stdout.write(`${url}\n`);
