/**
 * Heavy load of the second seed (stress test): 100 users, 10 started per second, 10 minutes; half of them its default
 * users, half its heavy users (chats only, 0.1 to 0.5 s), as its load file gives without a class named. Expected: average
 * below 200 ms, errors below 5 % and below 1 %.
 */
import { promptGuardScenario } from "./mixes/prompt-guard-scenario.ts";
import { promptGuardHeavyUser, promptGuardUser } from "./mixes/prompt-guard-users.ts";
import { scaledRate, scaledSec, scaledUsers } from "./mixes/scale.ts";

export default promptGuardScenario({
  name: "heavy",
  description: "Second seed, heavy load: 100 users, 10 minutes, default and heavy users.",
  users: scaledUsers(100),
  spawnRate: scaledRate(10),
  runTime: scaledSec(600),
  userClasses: [promptGuardUser(), promptGuardHeavyUser()],
  notes: ["Half of the users wait 1 to 3 s between tasks, half 0.1 to 0.5 s."],
});
