/**
 * Soak test of the second seed (endurance): 30 users, 24 hours, its default users; `--run-time` shortens it. Latency and
 * memory must stay where they were.
 */
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "soak",
  description: "Second seed, soak test: 30 users, 24 hours.",
  users: scaledUsers(30),
  spawnRate: 3,
  runTime: scaledSec(86_400),
});
