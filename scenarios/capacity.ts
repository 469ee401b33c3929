/**
 * What `rampart capacity` loads: chats with personal data without waits. Started by itself it is one minute at 50
 * arrivals per second; the search replaces that by its own levels.
 */
import { constant } from "rampart/load";
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { promptGuardHeavyUser } from "./mixes/prompt-guard-users.ts";
import { scaledRate, scaledSec } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "capacity",
  description: "Chats with personal data, one level of the capacity search.",
  http: { connections: "shared" },
  runTime: scaledSec(60),
  executors: [{ kind: "constant-arrival-rate", ratePerSec: scaledRate(50), durationSec: scaledSec(60) }],
  userClasses: [promptGuardHeavyUser({ name: "Arrival", wait: constant(0) })],
  requestsPerTask: 1,
  notes: ["Open model: arrivals do not wait for answers."],
});
