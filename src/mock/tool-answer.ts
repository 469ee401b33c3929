import { isObject, textOr } from "./reply.ts";
import type { MockSettings } from "./settings.ts";

/** A tool of the request, whichever provider's shape it had. */
export interface OfferedTool {
  readonly name: string;
  /** JSON Schema of its arguments. */
  readonly schema: unknown;
}

/** A tool call that the mock answers with. */
export interface ToolAnswer {
  readonly name: string;
  /** JSON text of the arguments. */
  readonly args: string;
}

/**
 * Decides whether the answer is a tool call, and builds its arguments.
 * @param forcedName name demanded by `tool_choice`; `""` = any tool; undefined = none demanded
 * @param isAfterToolResult whether the last turn brings a tool's result; `always` then answers with text, else agents
 *   would never end
 */
export function chooseTool(
  settings: MockSettings,
  tools: readonly OfferedTool[],
  forcedName: string | undefined,
  isAfterToolResult: boolean,
  userText: string,
): ToolAnswer | undefined {
  const wanted =
    settings.toolCall === "always"
      ? forcedName !== undefined || !isAfterToolResult
      : settings.toolCall === "auto" && forcedName !== undefined;
  if (!wanted) return undefined;
  const tool = forcedName ? tools.find((item) => item.name === forcedName) : tools[0];
  if (tool === undefined) return undefined;
  return { name: tool.name, args: JSON.stringify(toArguments(tool.schema, userText)) };
}

/**
 * Reads the tools of a request: `{function: {name, parameters}}` (chat completions), `{name, parameters}` (responses),
 * `{name, input_schema}` (messages). Tools of the provider's own, without a name, are left out.
 */
export function readTools(value: unknown): readonly OfferedTool[] {
  if (!Array.isArray(value)) return [];
  const tools: OfferedTool[] = [];
  for (const item of value) {
    if (!isObject(item)) continue;
    const source = isObject(item["function"]) ? item["function"] : item;
    const name = textOr(source["name"]);
    if (name !== "") tools.push({ name, schema: source["parameters"] ?? source["input_schema"] });
  }
  return tools;
}

/** Arguments that fit the schema's top level: the user's text in the first string, plain values where required. */
function toArguments(schema: unknown, userText: string): Record<string, unknown> {
  const properties = isObject(schema) && isObject(schema["properties"]) ? schema["properties"] : {};
  const required = isObject(schema) && Array.isArray(schema["required"]) ? schema["required"] : [];
  const quoted = Object.keys(properties).find((name) => typeOf(properties[name]) === "string");
  const entries: [string, unknown][] = [];
  for (const name of Object.keys(properties))
    if (name === quoted) entries.push([name, userText]);
    else if (required.includes(name)) entries.push([name, plainValue(properties[name])]);
  if (quoted === undefined) entries.push(["text", userText]);
  return Object.fromEntries(entries);
}

function typeOf(schema: unknown): unknown {
  if (!isObject(schema) || Array.isArray(schema["enum"])) return undefined;
  return schema["type"];
}

function plainValue(schema: unknown): unknown {
  if (!isObject(schema)) return null;
  if (Array.isArray(schema["enum"])) return schema["enum"][0];
  switch (schema["type"]) {
    case "string":
      return "";
    case "number":
    case "integer":
      return 1;
    case "boolean":
      return true;
    case "array":
      return [];
    case "object":
      return {};
    default:
      return null;
  }
}
