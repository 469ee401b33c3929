/** Step load of the second seed: 10 users more every 60 s up to 100 (its `StepLoadShape`), its default users. */
import { stepLoadShape } from "rampart/load";
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "step",
  description: "Second seed, step load: 10 users more every minute up to 100.",
  shape: () =>
    stepLoadShape({ stepUsers: scaledUsers(10), stepSec: scaledSec(60), maxUsers: scaledUsers(100) }),
});
