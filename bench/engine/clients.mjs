// One engine or autocannon run in a process of its own: CPU time per request between its second and its last full second,
// so that start-up and the compilation of hot code count for none of them.
// Usage: node clients.mjs KIND METHOD URL SECONDS ENGINE_DIR   (KIND: bare | scenario | autocannon)
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [kind, method, url, secondsText, engineDir] = process.argv.slice(2);
const seconds = Number(secondsText);
const CONNECTIONS = 50;
/** 500 bytes of JSON, as a chat request. */
const BODY = JSON.stringify({ model: "gpt-4", prompt: "x".repeat(500 - 30) });

const load = (file) => import(pathToFileURL(join(engineDir, file)).href);
const marks = [];
const mark = (requests) => marks.push({ requests, cpu: process.cpuUsage() });

async function bare() {
  const { createTransportContext } = await load("load/transport/http1/transport-context.js");
  const { ConnectionPool } = await load("load/transport/http1/pool.js");
  const { Exchange } = await load("load/transport/http1/exchange.js");
  const { parseOrigin } = await load("load/transport/http1/origin.js");
  const { encodeRequest } = await load("load/transport/http1/request-head.js");
  const origin = parseOrigin(url);
  const body = method === "POST" ? { content: BODY, contentType: "application/json" } : null;
  const wire = encodeRequest(method, origin, "/json", "", body);
  const timeouts = { connectMs: 5000, tlsMs: 5000, firstByteMs: 5000, idleMs: 5000, totalMs: 0 };
  const nowMs = () => performance.now();
  const context = createTransportContext(nowMs, () => {});
  const endMs = nowMs() + seconds * 1000 + 100;
  let done = 0;
  const user = () =>
    new Promise((resolve, reject) => {
      const options = { maxConnections: 1, requestsPerConnection: Number.POSITIVE_INFINITY, tls: {} };
      const pool = new ConnectionPool(context, origin, options);
      const finished = (exchange) => {
        if (exchange.error !== null || exchange.head.status !== 200)
          return reject(new Error("request failed"));
        done += 1;
        if (exchange.endMs < endMs) send(exchange.endMs);
        else resolve();
      };
      const send = (startMs) =>
        pool.submit(new Exchange(method, origin, "/json", wire, timeouts, 1e6, startMs, null, finished));
      send(nowMs());
    });
  const ticker = setInterval(() => mark(done), 1000);
  await Promise.all(Array.from({ length: CONNECTIONS }, user));
  clearInterval(ticker);
}

async function scenario() {
  const { defineScenario, defineUser, runScenario, task } = await load("load/index.js");
  const options = method === "POST" ? { body: BODY, headers: { "content-type": "application/json" } } : {};
  let done = 0;
  const caller = defineUser({
    name: "Caller",
    tasks: [
      task("json", async (user) => {
        const res = await user.http.request(method, "/json", options);
        user.check(res, "is 200", (r) => r.status === 200);
        done += 1;
      }),
    ],
  });
  const plan = defineScenario({
    name: "bench",
    users: CONNECTIONS,
    runTime: seconds + 0.1,
    userClasses: [caller],
  });
  const result = await runScenario({
    scenario: plan,
    overrides: { host: url },
    onTick: (snapshot) => snapshot.state === "running" && mark(done),
  });
  if (result.total.failures > 0) throw new Error(`${result.total.failures} requests failed`);
}

async function autocannon() {
  const { default: cannon } = await import("autocannon");
  const options = {
    url: `${url}/json`,
    connections: CONNECTIONS,
    duration: seconds + 1,
    method,
    ...(method === "POST" ? { body: BODY, headers: { "content-type": "application/json" } } : {}),
  };
  await new Promise((resolve, reject) => {
    let done = 0;
    const instance = cannon(options, (error, result) => {
      if (error) reject(error);
      else if (result.non2xx + result.errors > 0) reject(new Error("requests failed"));
      else resolve();
    });
    instance.on("tick", ({ counter }) => {
      done += counter;
      mark(done);
      if (marks.length === Math.floor(seconds)) instance.stop();
    });
  });
}

await { bare, scenario, autocannon }[kind]();
// The first two seconds are V8's: it compiles hot code while it runs.
const first = marks[1];
const last = marks.at(-1);
const requests = last.requests - first.requests;
const cpuUs = last.cpu.user + last.cpu.system - first.cpu.user - first.cpu.system;
process.stdout.write(
  JSON.stringify({ requests, cpuUs: cpuUs / requests, rssMb: process.memoryUsage.rss() / 2 ** 20 }),
);
process.exit(0);
