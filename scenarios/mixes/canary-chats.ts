/** Chats with canary values of their own, plain and streaming, every answer checked for them. */
import { constant, defineUser, type HttpResponse, task, type User, type UserClass } from "rampart/load";
import { chatText } from "./answer-checks.ts";
import { callerHeaders, gatewayOf } from "./caller-headers.ts";
import { type Canary, canaryOf, canaryTags } from "./canaries.ts";
import { judgeUnderLoad, type UnloadedVerdicts } from "./judge-prompts.ts";

const PLACEHOLDER = /\[[A-Z][A-Z_]*_\d+\]/;
/** Header in which the gateway names the guards that ran. */
const GUARDS_HEADER = "x-rampart-guards";
/** Wrong answers named one by one, per worker. */
const MAX_NAMED = 20;
let named = 0;

/** A user who does not wait; labelled prompts are judged when the scenario told the unloaded verdicts. */
export const canaryUser: UserClass = defineUser({
  name: "CanaryUser",
  wait: constant(0),
  onStart: (user) => callerHeaders(user, { "x-user-id": `canary_${user.id}` }),
  tasks: [
    task("labelled", { weight: 1 }, async (user) => {
      const { verdicts } = user.shared as { readonly verdicts?: UnloadedVerdicts };
      if (verdicts !== undefined && verdicts.length > 0) await judgeUnderLoad(user, verdicts);
    }),
    task("plain", { weight: 6 }, async (user) => {
      const canary = nextCanary(user);
      const response = await user.http.post(gatewayOf(user).chat, { json: chatBody(canary, false) });
      judge(user, response, canary, chatText(response) ?? "");
    }),
    task("streamed", { weight: 3 }, async (user) => {
      const canary = nextCanary(user);
      const { chat } = gatewayOf(user);
      const response = await user.http.stream(chat, {
        json: chatBody(canary, true),
        name: `${chat} (stream)`,
      });
      judge(user, response, canary, response.content);
    }),
  ],
});

function nextCanary<S>(user: User<S>): Canary {
  const { run = 0 } = (user.shared ?? {}) as { readonly run?: number };
  return canaryOf(user.id, user.iteration, run);
}

function chatBody(canary: Canary, stream: boolean): unknown {
  return { model: "gpt-4", stream, messages: [{ role: "user", content: canary.text }] };
}

function judge<S>(user: User<S>, response: HttpResponse, canary: Canary, answer: string): void {
  if (!response.ok) return;
  const others = canaryTags(answer).filter((tag) => tag !== canary.tag);
  user.check(response, "no value of another user", () => others.length === 0);
  // The exception's text is what names the requests in the report; it holds no personal data.
  if (others.length > 0) name(`crossing: the answer to ${canary.tag} holds values of ${others.join(", ")}`);
  const values = [canary.email, canary.card, canary.phone, canary.name];
  const isRestored = values.every((value) => answer.includes(value));
  user.check(response, "own values restored", () => isRestored);
  user.check(response, "no placeholder left", () => !PLACEHOLDER.test(answer));
  const isWhole = answer.includes(canary.text);
  user.check(response, "text not altered", () => isWhole);
  user.check(response, "guards signed", () => (response.headers[GUARDS_HEADER] ?? "") !== "");
  if (!isWhole) name(`altered: the answer to ${canary.tag} is not the text that was sent`);
}

/** Names a wrong answer in the report's exceptions; beyond {@link MAX_NAMED} the counts of the checks have to do. */
function name(what: string): void {
  named += 1;
  if (named <= MAX_NAMED) throw new Error(what);
}
