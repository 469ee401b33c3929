/** A gateway in a process of its own, to be killed. Argument: its configuration as JSON. Prints its URL. */
import { createGuard, DEFAULT_POLICY } from "#detect";
import { createGateway } from "#gateway";

const policy = { ...DEFAULT_POLICY, injection: { action: "off" as const, threshold: 0.5 } };
const gateway = createGateway({
  config: JSON.parse(process.argv[2] ?? "{}"),
  guard: createGuard({ policy }),
  version: "0.0.0-test",
});
const { url } = await gateway.listen();
process.stdout.write(`${url}\n`);
