/** Chats without personal data, so many of them asked before: what a response cache is for. */
import { between, defineUser, task, type User, type UserClass, type WaitTime } from "rampart/load";
import { chatText } from "./answer-checks.ts";
import { callerHeaders } from "./caller-headers.ts";
import { PERSONAL_TEXTS } from "./prompt-guard-texts.ts";
import { chat } from "./prompt-guard-users.ts";

const CHAT = "/openai/v1/chat/completions";
/** Names that keep the two P95 rows of the document apart. */
export const PERSONAL_CHAT = "chat (PII)";
export const CACHED_CHAT = "chat (no PII, cached)";
export const UNCACHED_CHAT = "chat (no PII, new)";
/** Header of the gateway that says whether an answer came from the cache. */
const CACHE_HEADER = "x-rampart-cache";
const TOPICS = ["tea", "bread", "bridges", "clouds", "chess", "glass", "salt", "paper", "rivers", "clocks"];
const QUESTIONS = [
  "How is it made:",
  "What is the history of:",
  "Name three kinds of:",
  "Explain to a child:",
];

/** Questions that are asked again and again. */
export const POPULAR_QUESTIONS: readonly string[] = TOPICS.flatMap((topic) =>
  QUESTIONS.map((question) => `${question} ${topic}?`),
);

/** Options of {@link cacheableChatUser}. */
export interface CacheableChatOptions {
  readonly name?: string;
  readonly wait?: WaitTime;
  /** Share of the chats without personal data that were asked before, 0-1. */
  readonly hitShare: number;
  /** Share of chats with personal data among all, 0-1. */
  readonly personalShare: number;
}

/** A user whose chats mostly repeat popular questions. Hits are counted by the gateway's own header. */
export function cacheableChatUser(options: CacheableChatOptions): UserClass {
  const personal = Math.round(options.personalShare * 1000);
  return defineUser({
    name: options.name ?? "CacheUser",
    wait: options.wait ?? between(1, 3),
    onStart: (user) => callerHeaders(user, { "x-user-id": `user_${user.id}` }),
    tasks: [
      ...(personal > 0
        ? [
            task("chat with personal data", { weight: personal }, (user: User) => {
              const text = PERSONAL_TEXTS[Math.floor(user.random() * PERSONAL_TEXTS.length)];
              // Chats with personal data are always asked anew: they are no look-ups of the cache.
              return text === undefined
                ? undefined
                : chat(user, text, PERSONAL_CHAT, { "cache-control": "no-store" });
            }),
          ]
        : []),
      task("chat", { weight: 1000 - personal }, (user) => ask(user, user.random() < options.hitShare)),
    ],
  });
}

/** Asks every popular question once, so that a run starts with a warm cache. */
export async function warmCache(post: (path: string, json: unknown) => Promise<unknown>): Promise<void> {
  for (const question of POPULAR_QUESTIONS) await post(CHAT, chatBody(question));
}

async function ask<S>(user: User<S>, isPopular: boolean): Promise<void> {
  const popular = POPULAR_QUESTIONS[Math.floor(user.random() * POPULAR_QUESTIONS.length)] ?? "";
  const question = isPopular ? popular : `${popular} Note ${noteOf(user)}.`;
  const response = await user.http.post(CHAT, {
    name: isPopular ? CACHED_CHAT : UNCACHED_CHAT,
    json: chatBody(question),
  });
  user.check(response, "answer is there", (answer) => Boolean(chatText(answer)));
  const cache = response.headers[CACHE_HEADER];
  if (cache !== undefined) user.metrics.rate("cache_hit_rate", /hit/i.test(cache));
}

/** The run's seed repeats; the time makes a text new in every run. */
function noteOf<S>(user: User<S>): string {
  return `${user.id}-${user.iteration}-${Date.now()}`;
}

function chatBody(content: string): unknown {
  return { model: "gpt-4", temperature: 0, messages: [{ role: "user", content }] };
}
