/** Reads import directions out of source text, for the architecture test. */

/** Which rooms a room may import (the house of ARCHITECTURE.md). */
export const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  contract: ["shared"],
  detect: ["contract", "shared"],
  backends: ["detect", "contract", "shared"],
  gateway: ["detect", "backends", "contract", "shared"],
  mock: ["contract", "shared"],
  load: ["contract", "shared"],
  lab: ["load", "mock", "contract", "shared"],
  ui: ["contract"],
  cli: ["shared", "contract", "detect", "backends", "gateway", "mock", "load", "lab"],
};

/** Clock, randomness and environment, which only `shared/system.ts` and `cli/` touch. */
const IMPURE = /\b(?:Date\.now|performance\.now|Math\.random|process\.env)\b/;

/** One broken rule: file, line (1-based) and what is wrong. */
export interface Violation {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
}

/**
 * Checks one source file.
 * @param file path below `src/`, with forward slashes, such as `gateway/server.ts`
 * @param isTest tests may import any room and use the real clock
 */
export function checkFile(file: string, text: string, isTest: boolean): Violation[] {
  const room = file.split("/")[0] ?? "";
  const depth = file.split("/").length - 2;
  const violations: Violation[] = [];
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const report = (rule: string) => violations.push({ file, line: index + 1, rule });
    for (const specifier of specifiersOf(line)) {
      const up = /^(?:\.\.\/)+/.exec(specifier)?.[0].length ?? 0;
      if (up / 3 > depth && !isTest) report(`reaches out of its room: ${specifier}`);
      if (!specifier.startsWith("#")) continue;
      const target = specifier.slice(1);
      if (target.includes("/")) report(`passes a room's door: ${specifier}`);
      else if (!isTest && target !== room && !(ALLOWED[room] ?? []).includes(target))
        report(`${room} must not import ${specifier}`);
      if (room === "ui" && !/\bimport type\b|\bexport type\b/.test(statementAt(lines, index)))
        report(`ui imports types only: ${specifier}`);
    }
    const code = line.replace(/\/\/.*$/, "").replace(/^\s*\*.*$/, "");
    const mayBeImpure = isTest || room === "cli" || room === "ui" || file === "shared/system.ts";
    if (!mayBeImpure && IMPURE.test(code))
      report(`impure outside shared/system.ts: ${IMPURE.exec(code)?.[0]}`);
  }
  return violations;
}

function specifiersOf(line: string): string[] {
  const found: string[] = [];
  for (const match of line.matchAll(/(?:\bfrom|\bimport|\bimport\()\s*["']([^"']+)["']/g))
    found.push(match[1] ?? "");
  return found;
}

function statementAt(lines: readonly string[], index: number): string {
  let start = index;
  while (start > 0 && !/^\s*(?:import|export)\b/.test(lines[start] ?? "")) start -= 1;
  return lines.slice(start, index + 1).join(" ");
}
