// One engine or autocannon run in a process of its own. Marks CPU time and requests every second; the figure lies between
// the first mark at which V8 has compiled the hot code (so many requests, or at latest the fourth second) and the last.
// Usage: node clients.mjs KIND METHOD URL SECONDS ENGINE_DIR   (KIND: bare | scenario | autocannon; SECONDS at most)
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [kind, method, url, secondsText, engineDir] = process.argv.slice(2);
const seconds = Number(secondsText);
const CONNECTIONS = 50;
/** 500 bytes of JSON, as a chat request. */
const BODY = JSON.stringify({ model: "gpt-4", prompt: "x".repeat(500 - 30) });

const load = (file) => import(pathToFileURL(join(engineDir, file)).href);
/** Requests after which the hot code is compiled, and those after which the figure is steady. */
const WARM_REQUESTS = 60_000;
const ENOUGH_REQUESTS = 180_000;
const WARM_MARKS = 4;
const marks = [];
/** @returns true when the run can end */
function mark(requests) {
  marks.push({ requests, cpu: process.cpuUsage() });
  return marks.length >= 3 && requests >= ENOUGH_REQUESTS;
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
  const context = createTransportContext(nowMs, () => {});
  let endMs = nowMs() + seconds * 1000 + 100;
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
  const ticker = setInterval(() => {
    if (mark(done)) endMs = 0;
  }, 1000);
  await Promise.all(Array.from({ length: CONNECTIONS }, user));
  clearInterval(ticker);
}

async function scenario() {
  const { defineScenario, defineUser, startRun, task } = await load("load/index.js");
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
  const run = startRun({
    scenario: plan,
    overrides: { host: url },
    onTick: (snapshot) => {
      if (snapshot.state === "running" && mark(done)) run.control.stop();
    },
  });
  const result = await run.result;
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
      if (mark(done) || marks.length === Math.floor(seconds)) instance.stop();
    });
  });
}

await { bare, scenario, autocannon }[kind]();
const warm = marks.findIndex(({ requests }) => requests >= WARM_REQUESTS);
const first = marks[warm < 0 ? WARM_MARKS - 1 : Math.min(warm, WARM_MARKS - 1)];
const last = marks.at(-1);
const requests = last.requests - first.requests;
const cpuUs = last.cpu.user + last.cpu.system - first.cpu.user - first.cpu.system;
process.stdout.write(
  JSON.stringify({ requests, cpuUs: cpuUs / requests, rssMb: process.memoryUsage.rss() / 2 ** 20 }),
);
process.exit(0);
