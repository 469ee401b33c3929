/**
 * Integrity under load: every request carries canary values of its own, plain and streaming by turns, and every answer and
 * everything that reached the upstream is checked for them. Counted are values that leaked to the upstream, that crossed
 * into another user's answer, that were not or wrongly restored, texts that were altered, and answers that no guard
 * signed. One leak or crossing fails the run and names both requests. Labelled prompts, judged once before the load, are
 * judged all through it: a verdict that load changes is a wrong one. Any gateway with OpenAI's routes: `--set chat=PATH
 * --set header.NAME=VALUE`.
 */
import { defineScenario } from "rampart/load";
import { gatewayUnderTest } from "./mixes/caller-headers.ts";
import { findCanaries } from "./mixes/canaries.ts";
import { canaryUser } from "./mixes/canary-chats.ts";
import { unloadedVerdicts } from "./mixes/judge-prompts.ts";
import { scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";
import { createUpstreamWatch } from "./mixes/upstream-watch.ts";

const watch = createUpstreamWatch(findCanaries);

export default defineScenario({
  name: "guard-integrity",
  description: "Canary values in every request: nothing may leak, cross, or come back wrong.",
  host: "http://127.0.0.1:8000",
  users: scaledUsers(50),
  spawnRate: 50,
  runTime: scaledSec(120),
  userClasses: [canaryUser],
  targets: "rampart",
  notes: ["Users do not wait between tasks.", ...scaleNotes()],
  setup: async (context) => {
    const verdicts = await unloadedVerdicts(context);
    await watch.begin(context);
    return { ...gatewayUnderTest(context.settings), run: Date.now() % 1e6, verdicts };
  },
  teardown: (context) => watch.end(context),
});
