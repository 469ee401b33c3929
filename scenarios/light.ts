/**
 * Light load of the second seed (development): 10 users, 2 started per second, 60 s, its default users. Expected:
 * average below 50 ms, no errors, and the P95 table per endpoint (targets/prompt-guard.yaml). Every answer is checked
 * for the sender's values and for placeholders, and the mock LLM's record for personal values.
 */
import { defineScenario } from "rampart/load";
import { callerKey } from "./mixes/caller-headers.ts";
import { PERSONAL_VALUES } from "./mixes/prompt-guard-texts.ts";
import { PROMPT_GUARD_REQUESTS_PER_TASK, promptGuardUser } from "./mixes/prompt-guard-users.ts";
import { createUpstreamWatch } from "./mixes/upstream-watch.ts";

const watch = createUpstreamWatch(PERSONAL_VALUES);

export default defineScenario({
  name: "light",
  description: "Second seed, light load: 10 users, 60 seconds, its task mix.",
  host: "http://127.0.0.1:8000",
  users: 10,
  spawnRate: 2,
  runTime: "60s",
  userClasses: [promptGuardUser()],
  requestsPerTask: PROMPT_GUARD_REQUESTS_PER_TASK,
  targets: "prompt-guard",
  notes: ["Users wait 1 to 3 s between tasks."],
  setup: async (context) => {
    await watch.begin(context);
    return { key: callerKey(context.settings) };
  },
  teardown: (context) => watch.end(context),
});
