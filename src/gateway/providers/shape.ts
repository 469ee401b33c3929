/**
 * The language in which a provider's bodies are described: at each place, which JSON types may stand there and what a
 * string there is. Requests are walked by these tables, and the coverage matrix is generated from them.
 */

/**
 * What a string is.
 * - `text`: natural language; inspected, replaced, restored.
 * - `json`: a JSON document inside a string (tool arguments): its leaves are text; when it is no JSON it is text itself.
 * - `name`: an identifier such as a model or an id: passes when it looks like one, else it is text.
 * - `image`: a URL or data URL of a picture: data URLs pass (the image guard is told), other URLs are text.
 * - `data`: encoded bytes (base64 audio, files, signatures): pass, named as not inspected where that matters.
 */
export type StringKind = "text" | "json" | "name" | "image" | "data";

/** Who speaks at a place; decides what the injection guard judges. */
export type Origin = "instruction" | "user" | "assistant" | "tool" | "definition";

/** What may stand at a place. A JSON type that is not named is refused; `null` may stand everywhere. */
export interface Shape {
  readonly string?: StringKind;
  /** Numbers and booleans may stand here. */
  readonly scalar?: boolean;
  /** Numbers here are encoded text (token ids): passed unread, and named as such. */
  readonly tokens?: boolean;
  readonly array?: Shape;
  readonly fields?: Readonly<Record<string, Shape>>;
  /** Answers only: a list of pieces of text; in each item the piece stands in this field, or is the item when empty. */
  readonly tokenTexts?: string;
  /** Other shapes for objects whose `type` has one of these values. */
  readonly byType?: Readonly<Record<string, Shape>>;
  /** Any JSON may stand here; every string below is text, unusual keys too. */
  readonly free?: boolean;
  /** The object is a turn: its `role` says who speaks below it. */
  readonly turn?: boolean;
  readonly origin?: Origin;
  /** Answers only: text below goes into a tool call. */
  readonly tool?: boolean;
  /** Requests only: the string is a picture: a data URL, base64, or the address or id of one that is elsewhere. */
  readonly picture?: boolean;
  /** Strings below are not inspected by a guard and the answer says so under this name. */
  readonly unread?: string;
}

/** Natural language. */
export const TEXT: Shape = { string: "text" };
/** A JSON document inside a string. */
export const JSON_TEXT: Shape = { string: "json" };
/** An identifier. */
export const NAME: Shape = { string: "name" };
/** A number or boolean. */
export const SCALAR: Shape = { scalar: true };
/** Any JSON, every string in it text. */
export const FREE: Shape = { free: true, string: "text", scalar: true };
/** Encoded bytes. */
export const DATA: Shape = { string: "data" };

/** A list of places of one shape. */
export function listOf(item: Shape): Shape {
  return { array: item };
}

/** An object with these fields. */
export function objectOf(fields: Readonly<Record<string, Shape>>, more: Omit<Shape, "fields"> = {}): Shape {
  // No prototype: a body's `constructor` or `toString` must not be found in the table.
  return { ...more, fields: Object.assign(Object.create(null), fields) };
}

/** Who speaks in a turn with this role; unknown roles count as the user, the one that is judged. */
export function originOf(role: unknown): Origin {
  switch (role) {
    case "system":
    case "developer":
      return "instruction";
    case "assistant":
    case "model":
      return "assistant";
    case "tool":
    case "function":
      return "tool";
    default:
      return "user";
  }
}

/** The JSON types that may stand at a place, for an error message. */
export function typesOf(shape: Shape): string {
  const types: string[] = [];
  if (shape.string !== undefined) types.push("a string");
  if (shape.scalar === true) types.push("a number or boolean");
  if (shape.array !== undefined) types.push("an array");
  if (shape.fields !== undefined || shape.byType !== undefined) types.push("an object");
  return types.join(" or ");
}
