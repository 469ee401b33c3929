/**
 * Target load of the first seed: 1,000 users, 100 started per second, 5 minutes. Expected: P95 below 200 ms, 1,000 and
 * more requests per second, errors below 1 % (targets/agentguard.yaml).
 */
import { defineScenario } from "rampart/load";
import { agentGuardUser } from "./mixes/agentguard-users.ts";
import { scaledRate, scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";
import { waitNote } from "./mixes/waits.ts";

export default defineScenario({
  name: "target",
  description: "First seed, target load: 1,000 users, 5 minutes.",
  host: "http://127.0.0.1:8000",
  users: scaledUsers(1000),
  spawnRate: scaledRate(100),
  runTime: scaledSec(300),
  userClasses: [agentGuardUser()],
  targets: "agentguard",
  notes: [waitNote(), ...scaleNotes()],
});
