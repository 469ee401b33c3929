/** What went wrong in a run: the errors of requests and the exceptions of scenarios, each kind of them once. */
import type { ErrorStats, ExceptionStats } from "#contract";

/** Errors and exceptions of all workers; equal ones are counted together. */
export class ErrorTotals {
  readonly #errors = new Map<string, { -readonly [K in keyof ErrorStats]: ErrorStats[K] }>();
  readonly #exceptions = new Map<
    string,
    { message: string; traceback: string; count: number; workers: Set<string> }
  >();

  /** Adds an error of a method and name. */
  addError(error: ErrorStats): void {
    const key = `${error.method}\n${error.name}\n${error.family}\n${error.message}`;
    const known = this.#errors.get(key);
    if (known === undefined) {
      this.#errors.set(key, { ...error });
      return;
    }
    known.count += error.count;
    known.firstSeenMs = Math.min(known.firstSeenMs, error.firstSeenMs);
    known.lastSeenMs = Math.max(known.lastSeenMs, error.lastSeenMs);
  }

  /** Adds an exception; the same one of several workers names them all. */
  addException(exception: ExceptionStats): void {
    const key = `${exception.message}\n${exception.traceback}`;
    const known = this.#exceptions.get(key);
    if (known === undefined) {
      this.#exceptions.set(key, { ...exception, workers: new Set(exception.workers) });
      return;
    }
    known.count += exception.count;
    for (const worker of exception.workers) known.workers.add(worker);
  }

  /** Errors, most frequent first. */
  errors(): readonly ErrorStats[] {
    return [...this.#errors.values()].map((error) => ({ ...error })).sort(byFrequency);
  }

  /** Exceptions, most frequent first. */
  exceptions(): readonly ExceptionStats[] {
    return [...this.#exceptions.values()]
      .map((entry) => ({ ...entry, workers: [...entry.workers] }))
      .sort((a, b) => b.count - a.count);
  }

  /** Forgets all. */
  reset(): void {
    this.#errors.clear();
    this.#exceptions.clear();
  }
}

/** Most frequent first; ties by name and message, so that the order does not depend on arrival. */
function byFrequency(a: ErrorStats, b: ErrorStats): number {
  if (a.count !== b.count) return b.count - a.count;
  const [left, right] = [a, b].map((error) => `${error.name}\n${error.method}\n${error.message}`);
  return left! < right! ? -1 : left! > right! ? 1 : 0;
}
