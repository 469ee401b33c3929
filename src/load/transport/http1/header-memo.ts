import { headerLines } from "./request-head.ts";

/** Header lines of an object that seldom changes, made anew only when one of its headers did. */
export class HeaderMemo {
  #names: string[] = [];
  #values: string[] = [];
  #lines = "";

  /** @throws RMP_LOAD_SCENARIO_INVALID for what cannot be sent */
  lines(headers: Readonly<Record<string, string>>): string {
    if (!this.holds(headers)) {
      this.#lines = headerLines(headers);
      this.#names = Object.keys(headers);
      this.#values = Object.values(headers);
    }
    return this.#lines;
  }

  /** True when these are the headers of the last call. */
  holds(headers: Readonly<Record<string, string>>): boolean {
    const names = this.#names;
    const values = this.#values;
    let index = 0;
    for (const name in headers) {
      if (names[index] !== name || values[index] !== headers[name]) return false;
      index += 1;
    }
    return index === names.length;
  }
}

/** Header lines of a user's headers with a request's own over them, made anew only when one of either changed. */
export class MergedHeaders {
  /** The request brings its own `cookie`. */
  hasCookie = false;
  readonly #base = new HeaderMemo();
  readonly #own = new HeaderMemo();
  #lines = "";

  /** Names in lower case. @throws RMP_LOAD_SCENARIO_INVALID for what cannot be sent */
  lines(base: Readonly<Record<string, string>>, own: Readonly<Record<string, string>>): string {
    if (this.#base.holds(base) && this.#own.holds(own)) return this.#lines;
    const merged: Record<string, string> = {};
    for (const name in base) merged[name.toLowerCase()] = base[name]!;
    for (const name in own) merged[name.toLowerCase()] = own[name]!;
    this.#lines = headerLines(merged);
    this.#base.lines(base);
    this.#own.lines(own);
    this.hasCookie = merged["cookie"] !== undefined;
    return this.#lines;
  }
}
