/** Patterns that customers supply, run by RE2 (linear time whatever the pattern). */
import { createRequire } from "node:module";
import { RampartError } from "#shared";
import type { Finding, Policy, Recogniser } from "../types.ts";

/** At most so many matches of one pattern in one text; a pattern that matches everywhere cannot flood the caller. */
const MAX_MATCHES = 10_000;

/**
 * One recogniser per pattern. The RE2 engine is loaded only when a policy has patterns.
 * @throws RMP_DETECT_PATTERN_INVALID naming the pattern
 */
export function compilePatterns(patterns: Policy["patterns"]): Recogniser[] {
  if (patterns.length === 0) return [];
  // The package's own types describe what `require` returns.
  const { RE2JS } = createRequire(import.meta.url)("re2js") as typeof import("re2js");
  return patterns.map(({ name, pattern, score }, index) => {
    let compiled: ReturnType<typeof RE2JS.compile>;
    try {
      compiled = RE2JS.compile(pattern);
    } catch (cause) {
      throw new RampartError("RMP_DETECT_PATTERN_INVALID", `policy: patterns[${index}] is not RE2 syntax`, {
        cause,
        field: `patterns[${index}].pattern`,
      });
    }
    return {
      name: `pattern:${name}`,
      types: [name],
      find(text) {
        const findings: Finding[] = [];
        const matcher = compiled.matcher(text);
        while (findings.length < MAX_MATCHES && matcher.find()) {
          const start = matcher.start();
          const end = matcher.end();
          if (end > start) {
            findings.push({
              type: name,
              start,
              end,
              score,
              source: `pattern:${name}`,
              evidence: ["pattern"],
            });
          }
        }
        return findings;
      },
    };
  });
}
