/**
 * Every endpoint of the first seed's table at its own arrival rate at once (500, 100, 500, 200, 100, 300, 150 and 50
 * requests per second: 1,900 in all). `--set` cannot change rates once the file is loaded, so RAMPART_SCALE_USERS scales
 * them. Images are new and repeated by turns.
 */
import {
  type ConstantArrivalRateConfig,
  defineScenario,
  defineUser,
  type TaskFunction,
  task,
  type UserClass,
} from "rampart/load";
import {
  biasFairness,
  health,
  metrics,
  multiModel,
  piiProtection,
  promptInjection,
  sendKey,
  testAgent,
} from "./mixes/agentguard-users.ts";
import { detectImage } from "./mixes/images.ts";
import { scaledRate, scaledSec, scaleNotes } from "./mixes/scale.ts";

const DURATION_SEC = scaledSec(120);
type State = Record<string, unknown>;

/** Endpoint, its rate in the document (requests per second), and its request. */
const ENDPOINTS: readonly (readonly [name: string, ratePerSec: number, run: TaskFunction<State>])[] = [
  ["health", 500, health],
  ["metrics", 100, metrics],
  ["test-agent", 500, (user) => testAgent(user)],
  ["prompt-injection", 200, promptInjection],
  ["multi-model", 100, multiModel],
  ["pii-protection", 300, piiProtection],
  ["bias-fairness", 150, biasFairness],
  ["image", 50, detectImage],
];

const userClasses: readonly UserClass[] = ENDPOINTS.map(([name, , run]) =>
  defineUser({ name, onStart: sendKey, tasks: [task(name, run)] }),
);
const executors: readonly ConstantArrivalRateConfig[] = ENDPOINTS.map(([name, ratePerSec]) => ({
  kind: "constant-arrival-rate",
  name,
  ratePerSec: scaledRate(ratePerSec),
  durationSec: DURATION_SEC,
  userClasses: [name],
}));

export default defineScenario({
  name: "mixed",
  description: "First seed: every endpoint at the rate of its table at once.",
  host: "http://127.0.0.1:8000",
  runTime: DURATION_SEC,
  http: { connections: "shared" },
  userClasses,
  executors,
  targets: "agentguard",
  notes: ["Open model: each endpoint has its own arrival rate.", ...scaleNotes()],
});
