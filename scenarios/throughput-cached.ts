/**
 * Throughput with caching: 50 users without wait, popular questions only, 60 s. The document of the second seed wants more
 * than 2,000 requests per second.
 */
import { constant } from "rampart/load";
import { cacheableChatUser, warmCache } from "./mixes/cacheable-chats.ts";
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "throughput-cached",
  description: "Most cached chats per second of one instance.",
  users: scaledUsers(50),
  spawnRate: 50,
  runTime: scaledSec(60),
  userClasses: [cacheableChatUser({ name: "EagerUser", wait: constant(0), hitShare: 1, personalShare: 0 })],
  requestsPerTask: 1,
  notes: ["Users do not wait between tasks; every question was asked before."],
  beforeUsers: (context) => warmCache((path, json) => context.http.post(path, { json })),
});
