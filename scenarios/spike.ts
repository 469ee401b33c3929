/**
 * Spike test of the first seed: 0 to 2,000 users and back, 1,000 per second, 2 minutes in all. Ten of the users ask
 * once a second during the whole run, so that normal latency before and recovery after the spike can be measured
 * (within 30 s, targets/agentguard.yaml).
 */
import { constantPacing, defineScenario } from "rampart/load";
import { agentGuardSpikeUser } from "./mixes/agentguard-users.ts";
import { scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";

const PROBES = 10;
const SPIKE_USERS = Math.max(PROBES + 1, scaledUsers(2000)) - PROBES;
const RAMP_SEC = 2;
const TOTAL_SEC = scaledSec(120);
const QUIET_SEC = Math.round(TOTAL_SEC / 6);
const HOLD_SEC = Math.max(1, Math.round(TOTAL_SEC / 3) - 2 * RAMP_SEC);

export default defineScenario({
  name: "spike",
  description: "First seed, spike test: 0 to 2,000 users and back.",
  host: "http://127.0.0.1:8000",
  runTime: TOTAL_SEC,
  userClasses: [
    agentGuardSpikeUser({ name: "Probe", wait: constantPacing(1) }),
    agentGuardSpikeUser({ name: "SpikeUser" }),
  ],
  executors: [
    { kind: "constant-users", name: "probes", users: PROBES, userClasses: ["Probe"], durationSec: TOTAL_SEC },
    {
      kind: "ramping-users",
      name: "spike",
      startSec: QUIET_SEC,
      userClasses: ["SpikeUser"],
      stages: [
        { durationSec: RAMP_SEC, target: SPIKE_USERS },
        { durationSec: HOLD_SEC, target: SPIKE_USERS },
        { durationSec: RAMP_SEC, target: 0 },
      ],
    },
  ],
  targets: "agentguard",
  notes: [`${PROBES} of the users ask once a second before, during and after the spike.`, ...scaleNotes()],
});
