// Many users with waits in one process: memory, CPU, schedule lag. Usage: node users.mjs USERS URL SECONDS ENGINE_DIR
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [users, url, seconds, engineDir] = process.argv.slice(2);
const { between, defineScenario, defineUser, runScenario, task } = await import(
  pathToFileURL(join(engineDir, "load/index.js")).href
);
const caller = defineUser({
  name: "Caller",
  wait: between(1, 3),
  tasks: [
    task("json", async (user) => {
      const res = await user.http.get("/json");
      user.check(res, "is 200", (r) => r.status === 200);
    }),
  ],
});
let peakRssMb = 0;
const result = await runScenario({
  scenario: defineScenario({
    name: "users",
    users: Number(users),
    spawnRate: Number(users) / 10,
    runTime: Number(seconds),
    userClasses: [caller],
  }),
  overrides: { host: url },
  onTick: () => {
    peakRssMb = Math.max(peakRssMb, process.memoryUsage.rss() / 2 ** 20);
  },
});
const { total, health, series } = result;
process.stdout.write(
  JSON.stringify({
    users: Math.max(...series.map((point) => point.users)),
    requests: total.count,
    failures: total.failures,
    errors: result.errors.slice(0, 3),
    peakRssMb,
    cpuPercent: health.cpuPercent,
    scheduleLagP99Ms: health.scheduleLagP99Ms,
    eventLoopDelayP99Ms: health.eventLoopDelayP99Ms,
    verdict: health.verdict,
    reasons: health.reasons,
  }),
);
process.exit(0);
