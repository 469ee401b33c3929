// One Rampart worker in a process of its own: node --conditions=source worker-runner.mjs PORT NAME [TOKEN]
import { createJiti } from "jiti";

const jiti = createJiti(import.meta.url);
const { createLocustWorker } = await jiti.import("../../../src/load/locust/worker.ts");
const { fleetScenario } = await jiti.import("./scenario.ts");
const [port, name, token] = process.argv.slice(2);
const worker = await createLocustWorker({
  scenario: fleetScenario(name),
  masterHost: "127.0.0.1",
  masterPort: Number(port),
  token,
  onLog: (line) => process.stderr.write(`${line}\n`),
});
try {
  process.stdout.write(`ended: ${await worker.done}\n`);
  process.exit(0);
} catch (error) {
  process.stdout.write(`failed: ${error.code}\n`);
  process.exit(error.exitCode ?? 1);
}
