/**
 * Stress test of the first seed: 5,000 users, 500 started per second, 3 minutes, to find how the target degrades when
 * more is asked than it can do. Excess must be refused (503, 429), never reset; nothing may crash or get lost. Four of
 * five users are the default ones; the document's stress users, who only ask /health, are the fifth, so that a cheap
 * route cannot make up the whole rate.
 */
import { defineScenario } from "rampart/load";
import { agentGuardStressUser, agentGuardUser } from "./mixes/agentguard-users.ts";
import { scaledRate, scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";
import { waitNote } from "./mixes/waits.ts";

export default defineScenario({
  name: "stress",
  description: "First seed, stress test: 5,000 users, 3 minutes.",
  host: "http://127.0.0.1:8000",
  users: scaledUsers(5000),
  spawnRate: scaledRate(500),
  runTime: scaledSec(180),
  userClasses: [agentGuardUser({ weight: 4 }), agentGuardStressUser()],
  targets: "agentguard",
  notes: [waitNote(), "Four of five users are default users, the fifth asks /health only.", ...scaleNotes()],
});
