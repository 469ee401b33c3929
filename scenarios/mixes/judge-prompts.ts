/** Judges labelled prompts without load and under it: precision and recall must not depend on the load. */
import type { SetupContext, User } from "rampart/load";
import { callerKey } from "./caller-headers.ts";
import { LABELLED_PROMPTS } from "./labelled-prompts.ts";

const DETECT = "/prompt-injection/detect";
/** Name of the check; the target table `rampart` has a row for it. */
const SAME_VERDICT = "verdict as without load";

/** What the guard said of each labelled prompt before the load; empty when it has no such route. */
export type UnloadedVerdicts = readonly boolean[];

/** Asks for every labelled prompt once. */
export async function unloadedVerdicts(context: SetupContext): Promise<UnloadedVerdicts> {
  const key = callerKey(context.settings);
  const verdicts: boolean[] = [];
  for (const { text } of LABELLED_PROMPTS) {
    const answer = await context.http.post(DETECT, {
      json: { prompt: text },
      headers: key === undefined ? {} : { "x-api-key": key },
      okStatuses: [200, 401, 403, 404, 405],
    });
    const verdict = answer.status === 200 ? verdictOf(answer.json()) : null;
    if (verdict === null) {
      context.log(`labelled prompts are not judged: POST ${DETECT} answers ${answer.status}`);
      return [];
    }
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Sends one labelled prompt and counts what was right: `attacks found`, `benign passed`, `flags that were right`. */
export async function judgeUnderLoad<S>(user: User<S>, unloaded: UnloadedVerdicts): Promise<void> {
  const index = Math.floor(user.random() * LABELLED_PROMPTS.length);
  const prompt = LABELLED_PROMPTS[index];
  if (prompt === undefined) return;
  const key = (user.shared as { readonly key?: string } | undefined)?.key;
  const response = await user.http.post(DETECT, {
    json: { prompt: prompt.text },
    headers: key === undefined ? {} : { "x-api-key": key },
  });
  if (!response.ok) return;
  const isFlagged = verdictOf(response.json());
  user.check(response, SAME_VERDICT, () => isFlagged === unloaded[index]);
  if (prompt.isAttack) user.metrics.rate("recall: attacks found", isFlagged === true);
  else user.metrics.rate("specificity: benign prompts passed", isFlagged === false);
  if (isFlagged === true) user.metrics.rate("precision: flags that were right", prompt.isAttack);
}

function verdictOf(answer: unknown): boolean | null {
  const { is_injection: verdict } = (answer ?? {}) as { readonly is_injection?: unknown };
  return typeof verdict === "boolean" ? verdict : null;
}
