/**
 * Light load of the second seed (development): 10 users, 2 started per second, 60 s, its default users. Expected:
 * average below 50 ms, no errors, and the P95 table per endpoint (targets/prompt-guard.yaml). Every answer is checked
 * for the sender's values and for placeholders, and the mock LLM's record for personal values.
 */
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledRate, scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "light",
  description: "Second seed, light load: 10 users, 60 seconds, its task mix.",
  users: scaledUsers(10),
  spawnRate: scaledRate(2),
  runTime: scaledSec(60),
});
