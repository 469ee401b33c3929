/** Checks of an answer that came back through the gateway. */
import type { HttpResponse, User } from "rampart/load";
import type { PersonalText } from "./prompt-guard-texts.ts";

/** What a placeholder of the gateway looks like, such as `[EMAIL_1]`. */
const PLACEHOLDER = /\[[A-Z][A-Z_]*_\d+\]/;

/**
 * Checks an answer that quotes the text sent: all its values are back, and no placeholder is left. Answers that failed
 * already are not checked again.
 * @param answer reads the answer's text out of the body; undefined when there is none
 */
export function checkRestored<S>(
  user: User<S>,
  response: HttpResponse,
  sent: PersonalText,
  answer: (response: HttpResponse) => string | undefined,
): void {
  if (!response.ok) return;
  const text = answer(response);
  if (!user.check(response, "answer is there", () => text !== undefined && text !== "")) return;
  const missing = sent.values.filter((entry) => !text?.includes(entry.value));
  user.check(response, "own values restored", () => missing.length === 0);
  user.check(response, "no placeholder left", () => !PLACEHOLDER.test(text ?? ""));
}

/** Text of an OpenAI chat completion; undefined when `choices` is empty. */
export function chatText(response: HttpResponse): string | undefined {
  return response.json<{ choices?: { message?: { content?: string } }[] }>()?.choices?.[0]?.message?.content;
}

/** Text of an OpenAI completion. */
export function completionText(response: HttpResponse): string | undefined {
  return response.json<{ choices?: { text?: string }[] }>()?.choices?.[0]?.text;
}

/** Text of an Anthropic message. */
export function messageText(response: HttpResponse): string | undefined {
  return response.json<{ content?: { type?: string; text?: string }[] }>()?.content?.[0]?.text;
}
