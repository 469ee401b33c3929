// One engine or autocannon run in a process of its own: warms up, then measures CPU time per request over a window.
// Usage: node clients.mjs KIND METHOD URL SECONDS ENGINE_DIR   (KIND: bare | scenario | autocannon)
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [kind, method, url, secondsText, engineDir] = process.argv.slice(2);
const seconds = Number(secondsText);
const CONNECTIONS = 50;
const WARM_UP_SEC = 0.7;
/** 500 bytes of JSON, as a chat request. */
const BODY = JSON.stringify({ model: "gpt-4", prompt: "x".repeat(500 - 30) });

const load = (file) => import(pathToFileURL(join(engineDir, file)).href);

async function measured(run) {
  await run(WARM_UP_SEC);
  const before = process.cpuUsage();
  const requests = await run(seconds);
  const cpu = process.cpuUsage(before);
  return { requests, cpuUs: (cpu.user + cpu.system) / requests, rssMb: process.memoryUsage.rss() / 2 ** 20 };
}

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
  return await measured(async (sec) => {
    const context = createTransportContext(nowMs, () => {});
    const endMs = nowMs() + sec * 1000;
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
    await Promise.all(Array.from({ length: CONNECTIONS }, user));
    context.close();
    return done;
  });
}

async function scenario() {
  const { defineScenario, defineUser, runScenario, task } = await load("load/index.js");
  const options = method === "POST" ? { body: BODY, headers: { "content-type": "application/json" } } : {};
  const caller = defineUser({
    name: "Caller",
    tasks: [
      task("json", async (user) => {
        const res = await user.http.request(method, "/json", options);
        user.check(res, "is 200", (r) => r.status === 200);
      }),
    ],
  });
  return await measured(async (sec) => {
    const plan = defineScenario({ name: "bench", users: CONNECTIONS, runTime: sec, userClasses: [caller] });
    const result = await runScenario({ scenario: plan, overrides: { host: url } });
    if (result.total.failures > 0) throw new Error(`${result.total.failures} requests failed`);
    return result.total.count;
  });
}

async function autocannon() {
  const { default: cannon } = await import("autocannon");
  return await measured(async (sec) => {
    const result = await cannon({
      url: `${url}/json`,
      connections: CONNECTIONS,
      duration: sec,
      method,
      ...(method === "POST" ? { body: BODY, headers: { "content-type": "application/json" } } : {}),
    });
    if (result.non2xx + result.errors > 0) throw new Error("requests failed");
    return result.requests.total;
  });
}

const figures = await { bare, scenario, autocannon }[kind]();
process.stdout.write(JSON.stringify(figures));
process.exit(0);
