/** The gateway with everything of its defaults on: personal data, injection, metrics. */
import { createGuard } from "#backends";
import { createGateway } from "#gateway";
import { answerCpu, tell } from "./control.mjs";

const baseUrl = process.env["UPSTREAM"] ?? "";
const gateway = createGateway({
  config: { port: 0, providers: { openai: { baseUrl }, anthropic: { baseUrl } } },
  guard: createGuard(),
  version: "bench",
});
const { port } = await gateway.listen();
tell({ kind: "listening", port });
answerCpu();
