import type { MockRecord, MockRecordPage } from "#contract";

/** Bytes reckoned for a request's headers and bookkeeping. */
const ENTRY_OVERHEAD_BYTES = 512;
/** Bytes of one recorded chunk time (a double). */
const CHUNK_TIME_BYTES = 8;
/** Bytes after which a page ends early, so that one answer stays readable. */
const PAGE_BYTES = 16 * 1024 * 1024;
const DEFAULT_PAGE_RECORDS = 1000;
/** Small bodies are copied one behind the other into blocks of this size, bytes. */
const SLAB_BYTES = 1024 * 1024;
/** Bodies above this are kept as they are, bytes. */
const MAX_COPIED_BYTES = 64 * 1024;
const NO_BYTES = Buffer.alloc(0);

const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  "authorization",
  "proxy-authorization",
  "x-api-key",
  "api-key",
  "x-rampart-key",
  "cookie",
]);

/**
 * One request as it is kept: few and raw parts, turned into a {@link MockRecord} when somebody reads it. Thousands of
 * entries live long, and every object that lives long is moved twice by the garbage collector, which would cost more
 * than all else that the mock does for a request.
 */
export interface RecordEntry {
  readonly seq: number;
  readonly receivedAtMs: number;
  readonly method: string;
  readonly path: string;
  /** Names and values in turn, as node:http gives them, joined by newlines (which no header can hold). */
  readonly rawHeaders: string;
  /** The body lies in `bodyBlock` from `bodyStart` on. */
  bodyBlock: Buffer;
  bodyStart: number;
  bodyBytes: number;
  /** Bytes this entry counts for in the bound of the book. */
  weightBytes: number;
  status: number;
  chunkWrittenAtMs: number[] | undefined;
  aborted: boolean;
  fault: MockRecord["fault"];
  delayMs: number;
  /** 0 while the answer is under way. */
  finishedAtMs: number;
}

/** What a reader may do with the record. */
export interface MockRecordReader {
  /**
   * The kept requests in order of arrival.
   * @param query `after`: only numbers above it (default 0); `limit`: most records (default 1,000). A page also ends
   *   after 16 MiB of bodies: go on with the last `seq` as `after` until a page is empty.
   */
  page(query?: { readonly after?: number; readonly limit?: number }): MockRecordPage;
  /** Forgets everything and sets the counts to 0; numbering goes on. */
  clear(): void;
}

/** The bounded record of what the mock received: a ring by count and by bytes, oldest dropped first. */
export interface RecordBook extends MockRecordReader {
  /** Opens the entry of a request that just arrived. */
  open(receivedAtMs: number, method: string, path: string, rawHeaders: readonly string[]): RecordEntry;
  /** Adds the body; a large one must not be changed afterwards. */
  setBody(entry: RecordEntry, body: Buffer): void;
  /** Closes the entry: nothing changes in it any more. */
  finish(entry: RecordEntry, atMs: number): void;
  /** Changes the bounds; what is beyond them is dropped at once. */
  setBounds(limit: number, bytes: number): void;
}

/** @param limit most entries kept  @param bytes most bytes kept */
export function createRecordBook(limit: number, bytes: number): RecordBook {
  let slots: (RecordEntry | undefined)[] = [];
  let capacity = limit;
  let maxBytes = bytes;
  let first = 0;
  let count = 0;
  let keptBytes = 0;
  let lastSeq = 0;
  let total = 0;
  let dropped = 0;
  let slab = NO_BYTES;
  let slabUsedBytes = 0;

  function slotOf(index: number): number {
    const slot = first + index;
    return slot >= capacity ? slot - capacity : slot;
  }

  function dropOldest(): void {
    keptBytes -= slots[first]?.weightBytes ?? 0;
    slots[first] = undefined;
    first = first + 1 === capacity ? 0 : first + 1;
    count -= 1;
    dropped += 1;
  }

  function addWeight(entry: RecordEntry, moreBytes: number): void {
    // Entries leave only at the old end, so what is kept is the run of the last `count` numbers.
    if (entry.seq <= lastSeq - count) return;
    entry.weightBytes += moreBytes;
    keptBytes += moreBytes;
    while (keptBytes > maxBytes && count > 0) dropOldest();
  }

  return {
    open(receivedAtMs, method, path, rawHeaders) {
      if (count === capacity) dropOldest();
      lastSeq += 1;
      total += 1;
      const entry: RecordEntry = {
        seq: lastSeq,
        receivedAtMs,
        method,
        path,
        rawHeaders: rawHeaders.join("\n"),
        bodyBlock: NO_BYTES,
        bodyStart: 0,
        bodyBytes: 0,
        weightBytes: 0,
        status: 0,
        chunkWrittenAtMs: undefined,
        aborted: false,
        fault: undefined,
        delayMs: 0,
        finishedAtMs: 0,
      };
      slots[slotOf(count)] = entry;
      count += 1;
      addWeight(entry, ENTRY_OVERHEAD_BYTES);
      return entry;
    },
    setBody(entry, body) {
      entry.bodyBytes = body.length;
      if (body.length > MAX_COPIED_BYTES) entry.bodyBlock = body;
      else {
        if (slabUsedBytes + body.length > slab.length) {
          slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
          slabUsedBytes = 0;
        }
        slab.set(body, slabUsedBytes);
        entry.bodyBlock = slab;
        entry.bodyStart = slabUsedBytes;
        slabUsedBytes += body.length;
      }
      addWeight(entry, body.length);
    },
    finish(entry, atMs) {
      entry.finishedAtMs = atMs;
      if (entry.chunkWrittenAtMs !== undefined)
        addWeight(entry, entry.chunkWrittenAtMs.length * CHUNK_TIME_BYTES);
    },
    setBounds(newLimit, newBytes) {
      while (count > newLimit) dropOldest();
      const kept = Array.from({ length: count }, (_, index) => slots[slotOf(index)]);
      slots = kept;
      first = 0;
      capacity = newLimit;
      maxBytes = newBytes;
      while (keptBytes > maxBytes && count > 0) dropOldest();
    },
    page(query = {}) {
      const after = Math.max(0, query.after ?? 0);
      const limitRecords = Math.max(0, query.limit ?? DEFAULT_PAGE_RECORDS);
      const records: MockRecord[] = [];
      let pageBytes = 0;
      const start = Math.max(0, after - (lastSeq - count));
      for (let index = start; index < count && records.length < limitRecords; index += 1) {
        const entry = slots[slotOf(index)];
        if (entry === undefined) continue;
        pageBytes += entry.weightBytes;
        if (pageBytes > PAGE_BYTES && records.length > 0) break;
        records.push(toRecord(entry));
      }
      return { total, dropped, records };
    },
    clear() {
      slots = [];
      first = 0;
      count = 0;
      keptBytes = 0;
      total = 0;
      dropped = 0;
    },
  };
}

function toRecord(entry: RecordEntry): MockRecord {
  return {
    seq: entry.seq,
    receivedAtMs: entry.receivedAtMs,
    method: entry.method,
    path: entry.path,
    headers: toHeaders(entry.rawHeaders.split("\n")),
    body: entry.bodyBlock.toString("utf8", entry.bodyStart, entry.bodyStart + entry.bodyBytes),
    status: entry.status,
    aborted: entry.aborted,
    delayMs: entry.delayMs,
    ...(entry.fault === undefined ? {} : { fault: entry.fault }),
    ...(entry.finishedAtMs === 0 ? {} : { finishedAtMs: entry.finishedAtMs }),
    chunkWrittenAtMs: [...(entry.chunkWrittenAtMs ?? [])],
  };
}

/** Lower-case names; repeated ones joined by ", " (RFC 9110 section 5.3); credentials replaced. */
function toHeaders(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase();
    const value = CREDENTIAL_HEADERS.has(name) ? "***" : raw[index + 1]!;
    headers[name] = Object.hasOwn(headers, name) ? `${headers[name]}, ${value}` : value;
  }
  return headers;
}
