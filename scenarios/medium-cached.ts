/**
 * The second seed's run with cache: 50 users, 5 minutes, 80 % of the cacheable chats asked before. Chats with personal data and cached
 * ones have names of their own, so that both P95 rows are judged. The mock LLM gets a latency, and the same load runs first
 * with `cache=off` (every request says `cache-control: no-store`): the speed-up is judged from the two. Wants a gateway
 * with REDIS_URL and `cache.responses: all` or `deterministic`.
 */

import { CACHED_CHAT, cacheableChatUser, warmCache } from "./mixes/cacheable-chats.ts";
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledRate, scaledSec, scaledUsers } from "./mixes/scale.ts";

/** Share of chats with personal data, which are no look-ups. */
const PERSONAL_SHARE = 0.2;
/** Share of the look-ups that shall hit, which the document's run had. */
const HIT_SHARE = 0.8;

export default promptGuardScenario({
  name: "medium-cached",
  description: "Second seed, medium load with cache: 50 users, 5 minutes, 80 % hits.",
  users: scaledUsers(50),
  spawnRate: scaledRate(5),
  runTime: scaledSec(300),
  userClasses: [cacheableChatUser({ hitShare: HIT_SHARE, personalShare: PERSONAL_SHARE })],
  requestsPerTask: 1,
  hasMockLatency: true,
  beside: {
    label: "without cache",
    settings: { cache: "off" },
    speedUp: { metric: "cache_speedup", name: CACHED_CHAT },
  },
  beforeUsers: (context) => warmCache((path, json) => context.http.post(path, { json })),
});
