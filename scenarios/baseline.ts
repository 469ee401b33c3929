/**
 * Baseline of the first seed: 100 users, 10 started per second, 2 minutes. Expected: P95 below 150 ms, 100 to 200
 * requests per second, errors below 0.1 % (targets/agentguard.yaml).
 */
import { defineScenario } from "rampart/load";
import { agentGuardUser } from "./mixes/agentguard-users.ts";
import { scaledRate, scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";
import { waitNote } from "./mixes/waits.ts";

export default defineScenario({
  name: "baseline",
  description: "First seed, baseline: 100 users, 2 minutes.",
  host: "http://127.0.0.1:8000",
  users: scaledUsers(100),
  spawnRate: scaledRate(10),
  runTime: scaledSec(120),
  userClasses: [agentGuardUser()],
  targets: "agentguard",
  notes: [waitNote(), ...scaleNotes()],
});
