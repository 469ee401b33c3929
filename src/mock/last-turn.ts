import { isObject, textOr } from "./reply.ts";

/** What the mock answers to: the last text that came from outside the model. */
export interface LastTurn {
  readonly text: string;
  /** The last turn is the result of a tool call. */
  readonly isToolResult: boolean;
}

/**
 * The last turn of a conversation in any provider's shape: the newest message of role `user`, `tool` or `function`, or
 * the newest `function_call_output` item. Texts of several parts are joined by newlines.
 */
export function readLastTurn(turns: readonly unknown[]): LastTurn {
  for (let index = turns.length - 1; index >= 0; index -= 1) {
    const turn = turns[index];
    if (!isObject(turn)) continue;
    if (turn["type"] === "function_call_output")
      return { text: contentText(turn["output"]), isToolResult: true };
    const role = turn["role"];
    if (role === "tool" || role === "function")
      return { text: contentText(turn["content"]), isToolResult: true };
    if (role === "user")
      return { text: contentText(turn["content"]), isToolResult: hasToolResult(turn["content"]) };
  }
  return { text: "", isToolResult: false };
}

/** The text of a content field: a string, or parts that hold `text`, or tool results that hold either. */
export function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  const texts: string[] = [];
  for (const part of content) {
    if (typeof part === "string") texts.push(part);
    else if (isObject(part)) {
      if (typeof part["text"] === "string") texts.push(part["text"]);
      else if (part["type"] === "tool_result") texts.push(contentText(part["content"]));
    }
  }
  return texts.join("\n");
}

/**
 * The tool that `tool_choice` demands: its name, `""` for any tool, undefined when none is demanded. Knows the forms of
 * chat completions, responses and messages.
 */
export function readForcedTool(choice: unknown): string | undefined {
  if (choice === "required") return "";
  if (!isObject(choice)) return undefined;
  if (choice["type"] === "any") return "";
  if (choice["type"] === "function") {
    const inner = choice["function"];
    return textOr(isObject(inner) ? inner["name"] : choice["name"]);
  }
  return choice["type"] === "tool" ? textOr(choice["name"]) : undefined;
}

function hasToolResult(content: unknown): boolean {
  return Array.isArray(content) && content.some((part) => isObject(part) && part["type"] === "tool_result");
}
