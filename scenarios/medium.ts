/**
 * Medium load of the second seed (staging): 50 users, 5 started per second, 5 minutes, its default users. Expected:
 * average below 100 ms, errors below 1 % (and below 0.1 % as normal load).
 */
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledRate, scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "medium",
  description: "Second seed, medium load: 50 users, 5 minutes, its task mix.",
  users: scaledUsers(50),
  spawnRate: scaledRate(5),
  runTime: scaledSec(300),
});
