import { RampartError } from "#shared";
import { FREE, type Origin, originOf, type Shape, typesOf } from "../providers/shape.ts";
import { PLAIN_KEY, pathText } from "./body-path.ts";
import { countKeys, countOwnKeys, renameKeys } from "./json-keys.ts";

/** What happens to text in fields that no table lists. */
export type UnknownFields = "refuse" | "flag" | "pass";

/** A JSON document inside a string and the range of its leaves. */
interface Embedded {
  readonly holder: Container;
  readonly key: string | number;
  readonly value: unknown;
  readonly from: number;
  to: number;
  /** Written anew even when no leaf changed. */
  isForced: boolean;
}

type Container = Record<string, unknown> | unknown[];

/** Names of models, ids and other identifiers; what does not look like one is treated as text. */
const NAME_PATTERN = /^[\w.:/+=-]{0,256}$/;
const MAX_NAMED_FIELDS = 8;

/**
 * The text leaves of one request body, in the order in which they stand there, and what was met on the way. Arrays run
 * parallel: leaf `i` is `texts[i]`, stands at `holders[i][keys[i]]` and was said by `origins[i]`.
 */
export class Leaves {
  readonly texts: string[] = [];
  readonly origins: Origin[] = [];
  /** Names of fields that no table lists, as paths without content, bounded. */
  readonly unknown: string[] = [];
  /** Kinds of content that no text guard reads: `image`, `audio`, `file`, `tokens`. */
  readonly unread: string[] = [];
  /** Pictures that came with the request, as data URLs or base64; null while there are none. */
  pictures: string[] | null = null;
  /** Pictures that are elsewhere: addresses and ids. */
  remotePictures = 0;
  /** Object keys met anywhere; compared with the keys of the source text to see duplicates. */
  keyCount = 0;
  /** Some embedded document has to be written anew whatever the guard finds. */
  hasForced = false;
  private readonly holders: Container[] = [];
  private readonly keys: (string | number)[] = [];
  /** Indices into `texts` of leaves that are object keys, not values. */
  private keyLeaves: number[] | null = null;
  /** JSON documents inside strings: where they stand, their parsed value, the range of their leaves. */
  private embedded: Embedded[] | null = null;
  private readonly path: (string | number)[] = [];
  private readonly maxDepth: number;
  private readonly unknownFields: UnknownFields;

  constructor(maxDepth: number, unknownFields: UnknownFields) {
    this.maxDepth = maxDepth;
    this.unknownFields = unknownFields;
  }

  /**
   * Walks a parsed body by its table. Linear in the body.
   * @throws RMP_REQ_INVALID for a wrong type (field = its path) or a refused unknown field; RMP_REQ_TOO_DEEP
   */
  walk(body: unknown, shape: Shape): void {
    if (typeof body !== "object" || body === null || Array.isArray(body))
      throw new RampartError("RMP_REQ_INVALID", "the body must be a JSON object");
    this.object(body as Record<string, unknown>, shape, "user", 0); // an object: checked above
  }

  /**
   * Puts replaced texts back where the originals stood; JSON documents inside strings are written anew, innermost first.
   * @param replaced parallel to `texts`
   * @returns whether anything changed
   */
  replace(replaced: readonly string[]): boolean {
    let isChanged = false;
    for (let i = 0; i < replaced.length; i += 1) {
      const text = replaced[i]!;
      if (text === this.texts[i] || this.keyLeaves?.includes(i)) continue;
      // A container is indexed by the kind of key it was met with.
      (this.holders[i] as Record<string | number, unknown>)[this.keys[i]!] = text;
      isChanged = true;
    }
    if (this.keyLeaves !== null) isChanged = this.renameKeys(this.keyLeaves, replaced) || isChanged;
    if (this.embedded !== null)
      for (const entry of this.embedded) {
        let touched = entry.isForced;
        for (let i = entry.from; i < entry.to && !touched; i += 1) touched = replaced[i] !== this.texts[i];
        if (touched) {
          (entry.holder as Record<string | number, unknown>)[entry.key] = JSON.stringify(entry.value);
          isChanged = true;
        }
      }
    return isChanged;
  }

  /** Lets go of the body and its texts once they are sent; what was noted stays. */
  release(): void {
    this.texts.length = 0;
    this.origins.length = 0;
    this.pictures = null;
    this.holders.length = 0;
    this.keys.length = 0;
    this.keyLeaves = null;
    this.embedded = null;
  }

  private value(
    value: unknown,
    shape: Shape,
    holder: Container,
    key: string | number,
    origin: Origin,
    depth: number,
  ): void {
    switch (typeof value) {
      case "string":
        this.string(value, shape, holder, key, origin, depth);
        return;
      case "number":
      case "boolean":
        if (shape.scalar !== true) this.wrongType(value, shape, depth);
        else if (shape.tokens === true) this.note(this.unread, "tokens");
        return;
      default:
        if (value === null) return;
        if (depth > this.maxDepth)
          throw new RampartError("RMP_REQ_TOO_DEEP", `the body nests deeper than ${this.maxDepth} levels`);
        if (Array.isArray(value)) {
          const item = shape.array ?? (shape.free === true ? FREE : undefined);
          if (item === undefined) this.wrongType(value, shape, depth);
          else this.list(value, item, item.origin ?? shape.origin ?? origin, depth);
        } else if (shape.fields !== undefined || shape.free === true || shape.byType !== undefined)
          this.object(value as Record<string, unknown>, shape, origin, depth); // objects are all that is left
        else this.wrongType(value, shape, depth);
    }
  }

  private list(list: unknown[], item: Shape, origin: Origin, depth: number): void {
    for (let i = 0; i < list.length; i += 1) {
      this.path[depth] = i;
      this.value(list[i], item, list, i, origin, depth + 1);
    }
  }

  private object(object: Record<string, unknown>, outer: Shape, outerOrigin: Origin, depth: number): void {
    let shape = outer;
    if (outer.byType !== undefined) {
      const type = object["type"];
      if (typeof type === "string" && Object.hasOwn(outer.byType, type)) shape = outer.byType[type]!;
    }
    let origin = shape.origin ?? outer.origin ?? outerOrigin;
    if (shape.turn === true) origin = originOf(object["role"]);
    if (shape.unread !== undefined) this.note(this.unread, shape.unread);
    const fields = shape.fields;
    for (const key in object) {
      if (!Object.hasOwn(object, key)) continue;
      this.keyCount += 1;
      this.path[depth] = key;
      const known = fields === undefined ? undefined : fields[key];
      if (known !== undefined) this.value(object[key], known, object, key, known.origin ?? origin, depth + 1);
      else if (shape.free === true) {
        if (!PLAIN_KEY.test(key)) this.keyLeaf(object, key, origin);
        this.value(object[key], FREE, object, key, origin, depth + 1);
      } else this.unknownField(object, key, origin, depth);
    }
  }

  private string(
    text: string,
    shape: Shape,
    holder: Container,
    key: string | number,
    origin: Origin,
    depth: number,
  ): void {
    switch (shape.string ?? (shape.free === true ? "text" : undefined)) {
      case "text":
        this.leaf(text, holder, key, origin);
        return;
      case "name":
        if (shape.picture === true) this.remotePictures += 1;
        if (!NAME_PATTERN.test(text)) this.leaf(text, holder, key, origin);
        return;
      case "image":
        this.encoded(text, shape, text.startsWith("data:"));
        if (!text.startsWith("data:")) this.leaf(text, holder, key, origin);
        return;
      case "data":
        this.encoded(text, shape, true);
        return;
      case "json":
        this.json(text, holder, key, origin, depth);
        return;
      default:
        this.wrongType(text, shape, depth);
    }
  }

  /** Takes note of bytes that no text guard reads. */
  private encoded(text: string, shape: Shape, isHere: boolean): void {
    if (shape.unread !== undefined) this.note(this.unread, shape.unread);
    if (shape.picture !== true) return;
    if (!isHere) this.remotePictures += 1;
    else if (this.pictures === null) this.pictures = [text];
    else this.pictures.push(text);
  }

  private json(text: string, holder: Container, key: string | number, origin: Origin, depth: number): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // Not JSON (models send such arguments): the string itself is the text.
      this.leaf(text, holder, key, origin);
      return;
    }
    if (typeof value !== "object" || value === null) {
      this.leaf(text, holder, key, origin);
      return;
    }
    const keysBefore = this.keyCount;
    const entry = { holder, key, value, from: this.texts.length, to: 0, isForced: false };
    this.value(value, FREE, [value], 0, origin, depth + 1);
    entry.to = this.texts.length;
    // A name that stands twice is read once here and maybe the other time by the receiver: what was read is sent.
    entry.isForced = countKeys(text) !== this.keyCount - keysBefore;
    this.hasForced ||= entry.isForced;
    this.embedded ??= [];
    this.embedded.push(entry);
    this.keyCount = keysBefore;
  }

  private leaf(text: string, holder: Container, key: string | number, origin: Origin): void {
    if (text === "") return;
    this.texts.push(text);
    this.origins.push(origin);
    this.holders.push(holder);
    this.keys.push(key);
  }

  private keyLeaf(object: Record<string, unknown>, key: string, origin: Origin): void {
    this.keyLeaves ??= [];
    this.keyLeaves.push(this.texts.length);
    this.leaf(key, object, key, origin);
  }

  private unknownField(object: Record<string, unknown>, key: string, origin: Origin, depth: number): void {
    const value = object[key];
    const isSafeName = PLAIN_KEY.test(key);
    const carriesText = typeof value === "string" || typeof value === "object" || !isSafeName;
    if (!carriesText || value === null) return;
    if (this.unknownFields === "refuse")
      throw new RampartError("RMP_REQ_INVALID", "the body has a text field that the guard does not know", {
        field: isSafeName ? pathText(this.path, depth) : "(unprintable)",
      });
    this.note(this.unknown, isSafeName ? pathText(this.path, depth) : "(unprintable)");
    if (this.unknownFields === "pass") {
      this.keyCount += countOwnKeys(value, this.maxDepth - depth);
      return;
    }
    if (!isSafeName) this.keyLeaf(object, key, origin);
    this.value(value, FREE, object, key, origin, depth + 1);
  }

  private note(list: string[], name: string): void {
    if (list.length < MAX_NAMED_FIELDS && !list.includes(name)) list.push(name);
  }

  private wrongType(value: unknown, shape: Shape, depth: number): never {
    const field = pathText(this.path, depth - 1);
    const met = Array.isArray(value) ? "an array" : `a ${typeof value}`.replace("a object", "an object");
    throw new RampartError("RMP_REQ_INVALID", `${field}: expected ${typesOf(shape)}, got ${met}`, {
      field,
    });
  }

  private renameKeys(keyLeaves: readonly number[], replaced: readonly string[]): boolean {
    const renames = new Map<Container, Map<string, string>>();
    for (const i of keyLeaves) {
      const text = replaced[i];
      if (text === undefined || text === this.texts[i]) continue;
      const holder = this.holders[i]!;
      const names = renames.get(holder) ?? new Map<string, string>();
      names.set(String(this.keys[i]), text);
      renames.set(holder, names);
    }
    // Only objects have key leaves.
    for (const [holder, names] of renames) renameKeys(holder as Record<string, unknown>, names);
    return renames.size > 0;
  }
}
