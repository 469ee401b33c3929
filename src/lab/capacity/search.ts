/** The search for the highest load that meets its targets: bracket by doubling, bisect, confirm. Knows no engine. */

/** What one level came to. */
export interface LevelOutcome {
  /** `holds`: targets met. `fails`: not met. `unknown`: the generator did not deliver the level, so nothing is known. */
  readonly verdict: "holds" | "fails" | "unknown";
  readonly reason: string;
}

/** One measurement of the search. */
export interface SearchStep<T extends LevelOutcome> {
  readonly level: number;
  readonly outcome: T;
}

/** What the search found. */
export interface SearchResult<T extends LevelOutcome> {
  /** Highest level that held, and was confirmed; null when not even the lowest did. */
  readonly capacity: number | null;
  /** Lowest level that failed; null when none did. */
  readonly failedAt: number | null;
  /** Why the search ended. */
  readonly end: "found" | "nothing-holds" | "reached-maximum" | "generator-limit";
  readonly steps: readonly SearchStep<T>[];
}

/** Options of {@link searchCapacity}. */
export interface SearchOptions<T extends LevelOutcome> {
  /** Measures one level (users, or requests per second). */
  readonly measure: (level: number) => Promise<T>;
  readonly startLevel: number;
  readonly maxLevel: number;
  /** The bracket is narrowed until its ends differ by at most this share. Default 0.03. */
  readonly precision?: number;
  /** Levels are whole numbers (users). */
  readonly isWhole?: boolean;
}

/** Least share of the start level that is tried when nothing holds. */
const LOWEST_SHARE = 1 / 64;
/** How far below a level that failed its confirmation the next one is tried. */
const STEP_DOWN = 0.97;
const MAX_CONFIRMATIONS = 4;

/**
 * Searches. A level that fails is measured twice before it counts, so that one hiccup does not end the search; the level
 * found is measured once more, and lowered by 3 % as often as that fails.
 */
export async function searchCapacity<T extends LevelOutcome>(
  options: SearchOptions<T>,
): Promise<SearchResult<T>> {
  const { measure, maxLevel, precision = 0.03 } = options;
  const steps: SearchStep<T>[] = [];
  const toLevel = (level: number) => (options.isWhole === true ? Math.max(1, Math.round(level)) : level);
  const once = async (level: number) => {
    const outcome = await measure(level);
    steps.push({ level, outcome });
    return outcome.verdict;
  };
  const twice = async (level: number) => {
    const verdict = await once(level);
    return verdict === "fails" ? once(level) : verdict;
  };

  let low: number | null = null;
  let high: number | null = null;
  let level = toLevel(options.startLevel);
  const result = (end: SearchResult<T>["end"]): SearchResult<T> => ({
    capacity: low,
    failedAt: high,
    end,
    steps,
  });

  while (high === null || low === null) {
    const verdict = await twice(level);
    if (verdict === "unknown") return result("generator-limit");
    if (verdict === "holds") {
      low = level;
      if (high === null && level >= maxLevel) return result("reached-maximum");
      level = toLevel(Math.min(maxLevel, level * 2));
    } else {
      high = level;
      if (level <= options.startLevel * LOWEST_SHARE) return result("nothing-holds");
      level = toLevel(level / 2);
      if (level === high) return result("nothing-holds");
    }
  }
  while (high / low > 1 + precision && !(options.isWhole === true && high - low <= 1)) {
    const middle = toLevel(Math.sqrt(low * high));
    if (middle <= low || middle >= high) break;
    const verdict = await twice(middle);
    if (verdict === "unknown") return result("generator-limit");
    if (verdict === "holds") low = middle;
    else high = middle;
  }
  for (let attempt = 0; attempt < MAX_CONFIRMATIONS; attempt += 1) {
    if ((await once(low)) === "holds") return result("found");
    high = low;
    low = toLevel(low * STEP_DOWN);
  }
  low = null;
  return result("nothing-holds");
}
