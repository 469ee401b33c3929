/** What the second seed's scenarios share: its users, its targets, the search of the upstream's record for leaks. */
import { defineScenario, type Scenario, type ScenarioOptions, type SetupContext } from "rampart/load";
import { gatewayUnderTest } from "./caller-headers.ts";
import { beginMockLatency, endMockLatency } from "./mock-latency.ts";
import { PERSONAL_VALUES } from "./prompt-guard-texts.ts";
import { PROMPT_GUARD_REQUESTS_PER_TASK, promptGuardUser } from "./prompt-guard-users.ts";
import { scaleNotes } from "./scale.ts";
import { createUpstreamWatch, findValues } from "./upstream-watch.ts";

/** What a scenario says of its own; the default user class and its waits unless it names others. */
export type PromptGuardScenarioOptions = Omit<
  ScenarioOptions,
  "userClasses" | "setup" | "teardown" | "targets"
> & {
  readonly userClasses?: ScenarioOptions["userClasses"];
  /** Runs before the first user, such as filling a cache; its requests are not counted. */
  readonly beforeUsers?: (context: SetupContext) => Promise<void>;
  /** Gives the mock LLM a latency while the run goes on. */
  readonly hasMockLatency?: boolean;
};

/** A scenario of the second seed. */
export function promptGuardScenario({
  beforeUsers,
  hasMockLatency = false,
  ...options
}: PromptGuardScenarioOptions): Scenario {
  const watch = createUpstreamWatch(findValues(PERSONAL_VALUES));
  return defineScenario({
    host: "http://127.0.0.1:8000",
    userClasses: [promptGuardUser()],
    requestsPerTask: PROMPT_GUARD_REQUESTS_PER_TASK,
    targets: "prompt-guard",
    ...options,
    notes: [...(options.notes ?? ["Users wait 1 to 3 s between tasks."]), ...scaleNotes()],
    setup: async (context) => {
      await beforeUsers?.(context);
      await watch.begin(context);
      const latency = hasMockLatency ? await beginMockLatency(context) : undefined;
      return { ...gatewayUnderTest(context.settings), latency };
    },
    teardown: async (context) => {
      const { latency } = context.shared as { readonly latency?: string };
      if (latency !== undefined) {
        await endMockLatency(context.settings);
        context.note(latency);
      }
      await watch.end(context);
    },
  });
}
