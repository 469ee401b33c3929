/**
 * What the gateway adds: every user sends each chat twice, once through the gateway and once straight to the upstream, in
 * changing order, so that both see the same moment of the machine. `added latency` is the difference within each pair;
 * `guard time` and `upstream time` are the gateway's own words (Server-Timing). The upstream's address:
 * `--set direct=URL`, else the mock's.
 */
import { constant, defineScenario, defineUser, type HttpResponse, task } from "rampart/load";
import { callerHeaders, gatewayOf, gatewayUnderTest } from "./mixes/caller-headers.ts";
import { PERSONAL_TEXTS } from "./mixes/prompt-guard-texts.ts";
import { scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";

const DIRECT = "/v1/chat/completions";
const DEFAULT_DIRECT_URL = "http://127.0.0.1:8001";

const pairUser = defineUser({
  name: "PairUser",
  wait: constant(0.02),
  onStart: (user) => callerHeaders(user, { "x-user-id": `pair_${user.id}` }),
  tasks: [
    task("pair", async (user) => {
      const { direct } = user.shared as { readonly direct: string };
      const text = PERSONAL_TEXTS[Math.floor(user.random() * PERSONAL_TEXTS.length)]?.text ?? "Hello";
      const json = { model: "gpt-4", messages: [{ role: "user", content: text }] };
      const send = {
        through: () => user.http.post(gatewayOf(user).chat, { json, name: "through the gateway" }),
        direct: () => user.http.post(`${direct}${DIRECT}`, { json, name: "straight to the upstream" }),
      };
      const isThroughFirst = user.iteration % 2 === 0;
      const first = await (isThroughFirst ? send.through() : send.direct());
      const second = await (isThroughFirst ? send.direct() : send.through());
      const [through, straight] = isThroughFirst ? [first, second] : [second, first];
      if (!through.ok || !straight.ok) return;
      // A trend keeps no negative times; its upper percentiles do not depend on how far below zero a pair fell.
      user.metrics.trend("added latency", Math.max(0, through.fromSentMs - straight.fromSentMs));
      for (const part of ["guard", "upstream"]) {
        const ms = serverTiming(through, part);
        if (ms !== null) user.metrics.trend(`${part} time`, ms);
      }
    }),
  ],
});

/** Duration of one part of a Server-Timing header (W3C Server Timing, section 4), ms; null without it. */
function serverTiming(response: HttpResponse, part: string): number | null {
  const found = new RegExp(`(?:^|,)\\s*${part}\\s*;[^,]*?dur=([\\d.]+)`).exec(
    response.headers["server-timing"] ?? "",
  );
  return found === null ? null : Number(found[1]);
}

export default defineScenario({
  name: "overhead",
  description: "The same chats through the gateway and straight to the upstream, interleaved and paired.",
  host: "http://127.0.0.1:8000",
  users: scaledUsers(4),
  spawnRate: 4,
  runTime: scaledSec(60),
  userClasses: [pairUser],
  requestsPerTask: 2,
  targets: "rampart",
  notes: [
    "Every chat is sent twice, through the gateway and straight to the upstream, in changing order.",
    ...scaleNotes(),
  ],
  setup: (context) => ({
    ...gatewayUnderTest(context.settings),
    direct: (context.settings["direct"] ?? context.settings["mock"] ?? DEFAULT_DIRECT_URL).replace(
      /\/+$/,
      "",
    ),
  }),
});
