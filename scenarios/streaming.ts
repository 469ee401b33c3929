/**
 * Streaming: chats of OpenAI's and messages of Anthropic's kind as event streams, with personal data in them. The answer
 * must come back whole and restored however the stream is cut; time to first token, inter-token latency and tokens per
 * second are measured by the engine. Any gateway with OpenAI's routes: `--set chat=PATH --set messages=off --set header.NAME=VALUE`.
 */
import { between, defineScenario, defineUser, type StreamResponse, task, type User } from "rampart/load";
import { callerHeaders, gatewayOf, gatewayUnderTest } from "./mixes/caller-headers.ts";
import { PERSONAL_TEXTS, PERSONAL_VALUES, type PersonalText } from "./mixes/prompt-guard-texts.ts";
import { scaledSec, scaledUsers, scaleNotes } from "./mixes/scale.ts";
import { createUpstreamWatch, findValues } from "./mixes/upstream-watch.ts";

const PLACEHOLDER = /\[[A-Z][A-Z_]*_\d+\]/;
const watch = createUpstreamWatch(findValues(PERSONAL_VALUES));

const reader = defineUser({
  name: "StreamUser",
  wait: between(0.1, 0.5),
  onStart: (user) => callerHeaders(user, { "x-user-id": `stream_${user.id}` }),
  tasks: [
    task("openai", { weight: 3 }, async (user) => {
      const sent = pick(user);
      const response = await user.http.stream(gatewayOf(user).chat, {
        provider: "openai",
        json: {
          model: "gpt-4",
          stream: true,
          stream_options: { include_usage: true },
          messages: [{ role: "user", content: sent.text }],
        },
      });
      checkStream(user, response, sent);
    }),
    task("anthropic", { weight: 1 }, async (user) => {
      const { messages } = gatewayOf(user);
      if (messages === null) return;
      const sent = pick(user);
      const response = await user.http.stream(messages, {
        provider: "anthropic",
        headers: { "anthropic-version": "2023-06-01" },
        json: {
          model: "claude-3-opus-20240229",
          max_tokens: 100,
          stream: true,
          messages: [{ role: "user", content: sent.text }],
        },
      });
      checkStream(user, response, sent);
    }),
  ],
});

function pick<S>(user: User<S>): PersonalText {
  const text = PERSONAL_TEXTS[Math.floor(user.random() * PERSONAL_TEXTS.length)];
  if (text === undefined) throw new Error("there is no text to send");
  return text;
}

function checkStream<S>(user: User<S>, response: StreamResponse, sent: PersonalText): void {
  if (!response.ok) return;
  user.check(response, "stream is whole", () => !response.truncated);
  user.check(response, "own values restored", () =>
    sent.values.every((entry) => response.content.includes(entry.value)),
  );
  user.check(response, "no placeholder left", () => !PLACEHOLDER.test(response.content));
}

export default defineScenario({
  name: "streaming",
  description: "Event streams of both providers with personal data, 20 users, 2 minutes.",
  host: "http://127.0.0.1:8000",
  users: scaledUsers(20),
  spawnRate: 10,
  runTime: scaledSec(120),
  userClasses: [reader],
  targets: "rampart",
  notes: ["Users wait 0.1 to 0.5 s between tasks.", ...scaleNotes()],
  setup: async (context) => {
    await watch.begin(context);
    return gatewayUnderTest(context.settings);
  },
  teardown: (context) => watch.end(context),
});
