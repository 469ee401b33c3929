/**
 * The second seed's run with cache: 50 users, 5 minutes, 80 % of the cacheable chats asked before. Chats with personal
 * data and cached ones have names of their own, so that both P95 rows are judged. `--set cache=off` with a gateway
 * without cache gives the run to compare with.
 */

import { cacheableChatUser, warmCache } from "./mixes/cacheable-chats.ts";
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledRate, scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "medium-cached",
  description: "Second seed, medium load with cache: 50 users, 5 minutes, 80 % hits.",
  users: scaledUsers(50),
  spawnRate: scaledRate(5),
  runTime: scaledSec(300),
  userClasses: [cacheableChatUser({ hitShare: 0.8, personalShare: 0.2 })],
  requestsPerTask: 1,
  beforeUsers: (context) => warmCache((path, json) => context.http.post(path, { json })),
});
