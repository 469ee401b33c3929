import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkSync } from "recheck";
import { describe, expect, it } from "vitest";
import { NATIONAL_RULES } from "../../src/detect/pii/national/national-recogniser.ts";
import { regexLiterals } from "./regex-literals.ts";

const ROOMS = ["detect", "backends", "gateway", "contract"];
/** Fewer expressions than this would mean that the net has a hole. */
const MIN_EXPRESSIONS = 180;
/** Expressions with a polynomial worst case that only ever see a short text; the bound stands beside each. */
const BOUNDED: Readonly<Record<string, string>> = {
  "=+$": "a Base64 token, decoded in linear time before",
  "[.'’-]+$": "a word of at most 31 characters",
};

const sourceRoot = fileURLToPath(new URL("../../src", import.meta.url));

/** Expressions that ship: those of training and tests see no text of a request. */
function shippedExpressions(): Map<string, string> {
  const expressions = new Map<string, string>();
  for (const room of ROOMS) {
    for (const entry of readdirSync(join(sourceRoot, room), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.ts$/.test(entry.name) || /\.test\.ts$|\.suite\.ts$/.test(entry.name))
        continue;
      if (/^(?:train|augment|perturb|synthesise)/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      for (const { source, flags, line } of regexLiterals(readFileSync(path, "utf8"))) {
        expressions.set(
          `${source}\u0000${flags.replace(/[gyd]/g, "")}`,
          `${path.slice(sourceRoot.length)}:${line}`,
        );
      }
    }
  }
  for (const rule of NATIONAL_RULES) {
    expressions.set(`^(?:${rule.forms.join("|")})$\u0000`, `national rule ${rule.type}`);
  }
  return expressions;
}

describe("regular expressions", () => {
  it("reads literals and nothing else", () => {
    const code = [
      "const a = /x[/]y/g; // no /comment/",
      'const b = c! / d / e; const f = "/no/"; /* /no/ */',
      "return /z\\//.test(`/no/`) && g(/[^\\]]/u);",
    ].join("\n");
    expect(regexLiterals(code)).toEqual([
      { source: "x[/]y", flags: "g", line: 1 },
      { source: "z\\/", flags: "", line: 3 },
      { source: "[^\\]]", flags: "u", line: 3 },
    ]);
  });

  it("finds a planted catastrophe", () => {
    expect(checkSync("^(a+)+$", "").status).toBe("vulnerable");
  });

  it("have no exponential or polynomial worst case", { timeout: 120_000 }, () => {
    const expressions = shippedExpressions();
    expect(expressions.size).toBeGreaterThanOrEqual(MIN_EXPRESSIONS);
    const vulnerable: string[] = [];
    for (const [key, place] of expressions) {
      const [source = "", flags = ""] = key.split("\u0000");
      if (source in BOUNDED) continue;
      let result = checkSync(source, flags, { checker: "automaton", timeout: 3_000 });
      if (result.status === "unknown") result = checkSync(source, flags, { checker: "fuzz", timeout: 300 });
      if (result.status === "vulnerable")
        vulnerable.push(`${place}: ${source} (${result.complexity.summary})`);
    }
    expect(vulnerable).toEqual([]);
  });
});
