/** The users of the second seed's load file: paths, weights, bodies and names as it has them. */
import { between, defineUser, task, type User, type UserClass, type WaitTime } from "rampart/load";
import { chatText, checkRestored, completionText, messageText } from "./answer-checks.ts";
import { callerHeaders } from "./caller-headers.ts";
import { PERSONAL_TEXTS, type PersonalText } from "./prompt-guard-texts.ts";

const CHAT = "/openai/v1/chat/completions";
const PAUSE_IN_BATCH_SEC = 0.1;
const BATCH_SIZE = 3;
const OK = 200;
const NOT_FOUND = 404;

/** Mean requests per task of {@link promptGuardUser}: the batch (5 of 67) sends three, every other task one. */
export const PROMPT_GUARD_REQUESTS_PER_TASK =
  (10 + 5 + 30 + 15 + 2 + 5 * BATCH_SIZE) / (10 + 5 + 30 + 15 + 2 + 5);

/** Options of the two user classes. */
export interface PromptGuardUserOptions {
  readonly name?: string;
  readonly weight?: number;
  readonly wait?: WaitTime;
  /** Texts to choose from; the eight of the seed by default. */
  readonly texts?: readonly PersonalText[];
}

/** The default user: waits 1 to 3 s; health 10, metrics 5, chat 30, completion 15, Anthropic 2, batch of three 5. */
export function promptGuardUser(options: PromptGuardUserOptions = {}): UserClass {
  const texts = options.texts ?? PERSONAL_TEXTS;
  return defineUser({
    name: options.name ?? "PromptGuardUser",
    weight: options.weight ?? 1,
    wait: options.wait ?? between(1, 3),
    onStart: (user) => callerHeaders(user, { "x-user-id": `user_${user.id}` }),
    tasks: [
      task("health", { weight: 10 }, async (user) => {
        const response = await user.http.get("/health");
        user.check(response, "health answers 200", (answer) => answer.status === OK);
      }),
      task("metrics", { weight: 5 }, async (user) => {
        const response = await user.http.get("/metrics");
        user.check(response, "metrics are JSON", (answer) => typeof answer.json() === "object");
      }),
      task("chat", { weight: 30, tags: ["chat"] }, (user) => chat(user, pick(user, texts))),
      task("completion", { weight: 15, tags: ["completion"] }, async (user) => {
        const sent = pick(user, texts);
        const response = await user.http.post("/openai/v1/completions", {
          json: { model: "gpt-3.5-turbo-instruct", prompt: sent.text, max_tokens: 100 },
        });
        checkRestored(user, response, sent, completionText);
      }),
      task("anthropic", { weight: 2, tags: ["anthropic"] }, async (user) => {
        const sent = pick(user, texts);
        const response = await user.http.post("/anthropic/v1/messages", {
          json: {
            model: "claude-3-opus-20240229",
            max_tokens: 100,
            messages: [{ role: "user", content: sent.text }],
          },
          okStatuses: [OK, NOT_FOUND],
        });
        if (response.status === OK) checkRestored(user, response, sent, messageText);
      }),
      task("batch", { weight: 5, tags: ["chat"] }, async (user) => {
        for (let index = 0; index < BATCH_SIZE && !user.isStopping; index += 1) {
          if (index > 0) await user.sleep(PAUSE_IN_BATCH_SEC);
          await chat(user, pick(user, texts), `${CHAT} (batch)`);
        }
      }),
    ],
  });
}

/** The heavy user: chats only, waits 0.1 to 0.5 s. */
export function promptGuardHeavyUser(options: PromptGuardUserOptions = {}): UserClass {
  const texts = options.texts ?? PERSONAL_TEXTS;
  return defineUser({
    name: options.name ?? "PromptGuardHeavyUser",
    weight: options.weight ?? 1,
    wait: options.wait ?? between(0.1, 0.5),
    onStart: (user) => callerHeaders(user, { "x-user-id": `heavy_user_${user.id}` }),
    tasks: [task("chat", { tags: ["chat"] }, (user) => chat(user, pick(user, texts)))],
  });
}

/** One chat with a text of the seed; checks that the answer quotes it whole. */
export async function chat<S>(
  user: User<S>,
  sent: PersonalText,
  name = CHAT,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const response = await user.http.post(CHAT, {
    name,
    headers,
    json: { model: "gpt-4", temperature: 0.7, messages: [{ role: "user", content: sent.text }] },
  });
  checkRestored(user, response, sent, chatText);
}

function pick<S>(user: User<S>, texts: readonly PersonalText[]): PersonalText {
  const text = texts[Math.floor(user.random() * texts.length)];
  if (text === undefined) throw new Error("there is no text to send");
  return text;
}
