/**
 * Reads the mock LLM's record of what reached it, while the run goes on and once more after it, and searches it for
 * personal values: the proof that nothing leaked. The mock's address: `--set mock=URL`, else RAMPART_MOCK_URL, else
 * http://127.0.0.1:8001; an upstream without that route cannot be read, and the leak check is then not measured.
 */
import type { SetupContext, TeardownContext } from "rampart/load";
import type { PersonalValue } from "./prompt-guard-texts.ts";

/** Name of the check; the target table `rampart` has a row for it. */
export const LEAK_CHECK = "no personal value reached the upstream";
/** Name of the check that no record was dropped before it was read. */
export const COMPLETE_CHECK = "upstream record complete";

const DEFAULT_MOCK_URL = "http://127.0.0.1:8001";
const POLL_MS = 1000;
const PAGE_SIZE = 1000;
const TIMEOUT_MS = 5000;
/** Leaks named one by one; all are counted. */
const MAX_NAMED = 5;

interface UpstreamRecord {
  readonly seq: number;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Watch {
  readonly url: string;
  after: number;
  missed: number;
  searched: number;
  leaks: number;
  readonly named: string[];
  /** The reading under way, so that the last one never overlaps the one before. */
  reading: Promise<void>;
  timer: NodeJS.Timeout | undefined;
}

/** One watch for one run: `setup` begins, `teardown` ends and judges. */
export interface UpstreamWatch {
  begin(context: SetupContext): Promise<void>;
  end(context: TeardownContext): Promise<void>;
}

/** Says what a recorded request's text holds that it must not; never the values themselves. */
export type LeakFinder = (text: string) => readonly string[];

/** Base URL of the mock LLM without a final slash. */
export function mockUrl(settings: Readonly<Record<string, string>>): string {
  return (settings["mock"] ?? process.env["RAMPART_MOCK_URL"] ?? DEFAULT_MOCK_URL).replace(/\/+$/, "");
}

/** Finds the values in any case. */
export function findValues(values: readonly PersonalValue[]): LeakFinder {
  const wanted = values.map((entry) => ({ kind: entry.kind, needle: entry.value.toLowerCase() }));
  return (text) => {
    const lower = text.toLowerCase();
    return [...new Set(wanted.filter((entry) => lower.includes(entry.needle)).map((entry) => entry.kind))];
  };
}

/** A watch that searches every recorded request with `find`. */
export function createUpstreamWatch(find: LeakFinder): UpstreamWatch {
  let watch: Watch | undefined;

  function search(record: UpstreamRecord, into: Watch): void {
    into.searched += 1;
    const found = find(`${record.path}\n${JSON.stringify(record.headers)}\n${record.body}`);
    if (found.length === 0) return;
    into.leaks += 1;
    if (into.named.length < MAX_NAMED)
      into.named.push(
        `upstream request ${record.seq} (${record.method} ${record.path}) holds: ${found.join(", ")}`,
      );
  }

  async function drain(into: Watch, isSearched: boolean): Promise<void> {
    for (;;) {
      const response = await fetch(`${into.url}/__mock/requests?after=${into.after}&limit=${PAGE_SIZE}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) throw new Error(`the mock's record answers ${response.status}`);
      // The mock's control route answers this shape (src/contract/mock.ts); another server fails the check below.
      const page = (await response.json()) as { readonly records?: readonly UpstreamRecord[] };
      if (!Array.isArray(page.records)) throw new Error("the upstream keeps no record");
      for (const record of page.records) {
        if (isSearched) {
          into.missed += record.seq - into.after - 1;
          search(record, into);
        }
        into.after = record.seq;
      }
      if (page.records.length === 0) return;
    }
  }

  return {
    async begin(context) {
      const url = mockUrl(context.settings);
      const started: Watch = {
        url,
        after: 0,
        missed: 0,
        searched: 0,
        leaks: 0,
        named: [],
        reading: Promise.resolve(),
        timer: undefined,
      };
      watch = undefined;
      try {
        await drain(started, false);
      } catch (error) {
        context.log(`no leak check: ${url}: ${error instanceof Error ? error.message : "cannot be read"}`);
        return;
      }
      watch = started;
      let isBusy = false;
      started.timer = setInterval(() => {
        if (isBusy) return;
        isBusy = true;
        started.reading = drain(started, true)
          .catch(() => undefined)
          .finally(() => {
            isBusy = false;
          });
      }, POLL_MS);
      started.timer.unref();
    },

    async end(context) {
      const ended = watch;
      watch = undefined;
      if (ended === undefined) {
        context.note("The upstream's record could not be read, so leaks were not looked for.");
        return;
      }
      clearInterval(ended.timer);
      await ended.reading;
      await drain(ended, true);
      for (let clean = ended.searched - ended.leaks; clean > 0; clean -= 1) context.check(LEAK_CHECK, true);
      for (const name of ended.named) context.check(LEAK_CHECK, false, name);
      for (let rest = ended.leaks - ended.named.length; rest > 0; rest -= 1)
        context.check(LEAK_CHECK, false, "another request");
      context.check(COMPLETE_CHECK, ended.missed === 0, `${ended.missed} requests were dropped unread`);
      context.note(`${ended.searched} requests of the upstream's record were searched for personal values.`);
    },
  };
}
