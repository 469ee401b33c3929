/**
 * Spike test of the second seed: 10 users, bursts of 100 for 20 s at 60, 180 and 300 s, end at 360 s (its
 * `SpikeLoadShape`). The report shows normal load, bursts and recovery apart.
 */
import { spikeLoadShape } from "rampart/load";
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "spike-bursts",
  description: "Second seed, spike test: 10 users with three bursts of 100.",
  shape: () =>
    spikeLoadShape({
      normalUsers: scaledUsers(10),
      spikeUsers: scaledUsers(100),
      spikesAtSec: [60, 180, 300].map(scaledSec),
      spikeSec: scaledSec(20),
      durationSec: scaledSec(360),
    }),
});
