/** Finds the regular-expression literals of a TypeScript source, so that none can miss the ReDoS check. */

/** A literal and where it stands. */
export interface RegexLiteral {
  readonly source: string;
  readonly flags: string;
  readonly line: number;
}

/** Words after which a slash begins an expression, not a division. */
const BEFORE_EXPRESSION = /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|instanceof|new)$/;

/** Every regular-expression literal in `code`; strings, templates without expressions and comments are passed over. */
export function regexLiterals(code: string): RegexLiteral[] {
  const found: RegexLiteral[] = [];
  let line = 1;
  let before = "";
  for (let i = 0; i < code.length; i++) {
    const char = code.charAt(i);
    if (char === "\n") line++;
    else if (char === "/" && code.charAt(i + 1) === "/") {
      i = endOr(code, code.indexOf("\n", i)) - 1;
      continue;
    } else if (char === "/" && code.charAt(i + 1) === "*") {
      const end = endOr(code, code.indexOf("*/", i + 2)) + 1;
      line += code.slice(i, end).split("\n").length - 1;
      i = end;
      continue;
    } else if (char === '"' || char === "'" || char === "`") {
      const end = closing(code, i, char);
      line += code.slice(i, end).split("\n").length - 1;
      before = `${char}`;
      i = end;
      continue;
    } else if (char === "/" && beginsExpression(before)) {
      const end = literalEnd(code, i);
      const flags = /^[a-z]*/.exec(code.slice(end + 1, end + 10))?.[0] ?? "";
      found.push({ source: code.slice(i + 1, end), flags, line });
      i = end + flags.length;
      before = "/";
      continue;
    }
    if (!/\s/.test(char)) before = `${before.slice(-11)}${char}`;
    else if (/\w$/.test(before)) before += " ";
  }
  return found;
}

function beginsExpression(before: string): boolean {
  // A postfix `!` (non-null) ends an operand; what follows divides it.
  const trimmed = before.trimEnd().replace(/([\w)\]])!$/, "$1");
  return trimmed === "" || /[=(,:[!&|?{};+\-*%<>~^]$/.test(trimmed) || BEFORE_EXPRESSION.test(trimmed);
}

function closing(code: string, start: number, quote: string): number {
  for (let i = start + 1; i < code.length; i++) {
    if (code.charAt(i) === "\\") i++;
    else if (code.charAt(i) === quote) return i;
  }
  return code.length;
}

function literalEnd(code: string, start: number): number {
  let isClass = false;
  for (let i = start + 1; i < code.length; i++) {
    const char = code.charAt(i);
    if (char === "\\") i++;
    else if (char === "[") isClass = true;
    else if (char === "]") isClass = false;
    else if (char === "/" && !isClass) return i;
  }
  return code.length;
}

function endOr(code: string, at: number): number {
  return at < 0 ? code.length : at;
}
