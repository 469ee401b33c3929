/**
 * Throughput of a single instance: 50 users without wait, chats with personal data, 60 s. The document of the second seed
 * wants more than 500 requests per second.
 */
import { constant } from "rampart/load";
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { promptGuardHeavyUser } from "./mixes/prompt-guard-users.ts";
import { scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "throughput",
  description: "Most chats with personal data per second of one instance.",
  users: scaledUsers(50),
  spawnRate: 50,
  runTime: scaledSec(60),
  userClasses: [promptGuardHeavyUser({ name: "EagerUser", wait: constant(0) })],
  requestsPerTask: 1,
  notes: ["Users do not wait between tasks."],
});
