/**
 * Every endpoint of the first seed's table at its own arrival rate at once (500, 100, 500, 200, 100, 300, 150 and 50
 * requests per second: 1,900 in all). `--set` cannot change rates once the file is loaded, so RAMPART_SCALE_USERS scales
 * them. Images are new and repeated by turns. RAMPART_MIXED_CHATS adds so many chats per second with canary values, whose
 * answers and whose way to the upstream are checked: what a fault drill needs.
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
import { gatewayUnderTest } from "./mixes/caller-headers.ts";
import { findCanaries } from "./mixes/canaries.ts";
import { canaryUser } from "./mixes/canary-chats.ts";
import { detectImage } from "./mixes/images.ts";
import { scaledRate, scaledSec, scaleNotes } from "./mixes/scale.ts";
import { createUpstreamWatch } from "./mixes/upstream-watch.ts";

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

/** Chats with canary values per second, beside the document's endpoints. */
const CHATS_PER_SEC = Number(process.env["RAMPART_MIXED_CHATS"] ?? 0);
const watch = createUpstreamWatch(findCanaries);

const userClasses: readonly UserClass[] = [
  ...ENDPOINTS.map(([name, , run]) => defineUser({ name, onStart: sendKey, tasks: [task(name, run)] })),
  ...(CHATS_PER_SEC > 0 ? [canaryUser] : []),
];
const arrivals = (name: string, ratePerSec: number): ConstantArrivalRateConfig => ({
  kind: "constant-arrival-rate",
  name,
  ratePerSec,
  durationSec: DURATION_SEC,
  userClasses: [name],
});
const executors: readonly ConstantArrivalRateConfig[] = [
  ...ENDPOINTS.map(([name, ratePerSec]) => arrivals(name, scaledRate(ratePerSec))),
  ...(CHATS_PER_SEC > 0 ? [arrivals(canaryUser.name, CHATS_PER_SEC)] : []),
];

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
  setup: async (context) => {
    if (CHATS_PER_SEC > 0) await watch.begin(context);
    return { ...gatewayUnderTest(context.settings), run: Date.now() % 1e6 };
  },
  teardown: async (context) => {
    if (CHATS_PER_SEC > 0) await watch.end(context);
  },
});
