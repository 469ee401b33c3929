import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRecordBook, type RecordBook } from "./record-book.ts";

const HUGE = 1_000_000_000;

function add(book: RecordBook, body: string): void {
  const entry = book.open(1, "POST", "/p", [
    "Host",
    "h",
    "X-Two",
    "a",
    "x-two",
    "b",
    "Authorization",
    "Bearer k",
  ]);
  book.setBody(entry, Buffer.from(body));
  book.finish(entry, 2);
}

describe("createRecordBook", () => {
  it("keeps the newest within its count", () => {
    const book = createRecordBook(3, HUGE);
    for (const body of ["a", "b", "c", "d", "e"]) add(book, body);
    const page = book.page();
    expect(page).toMatchObject({ total: 5, dropped: 2 });
    expect(page.records.map(({ seq, body }) => [seq, body])).toEqual([
      [3, "c"],
      [4, "d"],
      [5, "e"],
    ]);
  });

  it("keeps the newest within its bytes, and drops one that alone exceeds them", () => {
    const book = createRecordBook(100, 3000);
    for (let count = 0; count < 10; count += 1) add(book, "x".repeat(488));
    expect(book.page().records.map(({ seq }) => seq)).toEqual([8, 9, 10]);
    add(book, "y".repeat(5000));
    expect(book.page()).toMatchObject({ total: 11, dropped: 11, records: [] });
    add(book, "z");
    expect(book.page().records.map(({ body }) => body)).toEqual(["z"]);
  });

  it("pages by number", () => {
    const book = createRecordBook(10, HUGE);
    for (let count = 0; count < 8; count += 1) add(book, String(count));
    expect(book.page({ after: 2, limit: 3 }).records.map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(book.page({ after: 8 }).records).toEqual([]);
    expect(book.page({ after: 999 }).records).toEqual([]);
  });

  it("ends a page after 16 MiB, never before one record", () => {
    const book = createRecordBook(10, HUGE);
    for (let count = 0; count < 3; count += 1) add(book, "x".repeat(9 * 1024 * 1024));
    expect(book.page().records.map(({ seq }) => seq)).toEqual([1]);
    expect(book.page({ after: 1 }).records.map(({ seq }) => seq)).toEqual([2]);
  });

  it("joins repeated headers and hides credentials", () => {
    const book = createRecordBook(10, HUGE);
    add(book, "");
    expect(book.page().records[0]?.headers).toEqual({ host: "h", "x-two": "a, b", authorization: "***" });
  });

  it("numbers on after clear", () => {
    const book = createRecordBook(10, HUGE);
    add(book, "a");
    book.clear();
    expect(book.page()).toEqual({ total: 0, dropped: 0, records: [] });
    add(book, "b");
    expect(book.page()).toMatchObject({ total: 1, dropped: 0, records: [{ seq: 2, body: "b" }] });
  });

  it("ignores what comes late for an entry that was dropped or cleared", () => {
    const book = createRecordBook(1, HUGE);
    const late = book.open(1, "POST", "/late", []);
    add(book, "new");
    book.setBody(late, Buffer.from("x".repeat(900)));
    book.clear();
    book.finish(late, 3);
    add(book, "next");
    expect(book.page().records.map(({ body }) => body)).toEqual(["next"]);
  });

  it("equals a plain list that is cut at the front, whatever happens", () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant("add" as const), bytes: fc.integer({ min: 0, max: 900 }) }),
      fc.record({
        kind: fc.constant("bounds" as const),
        limit: fc.integer({ min: 1, max: 7 }),
        bytes: fc.integer({ min: 1024, max: 6000 }),
      }),
      fc.record({ kind: fc.constant("clear" as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const book = createRecordBook(5, 4000);
        let bounds = { limit: 5, bytes: 4000 };
        let model: { seq: number; weight: number }[] = [];
        let lastSeq = 0;
        const cut = (): void => {
          const sum = (): number => model.reduce((total, item) => total + item.weight, 0);
          while (model.length > bounds.limit || sum() > bounds.bytes) model.shift();
        };
        for (const item of steps) {
          if (item.kind === "add") {
            add(book, "x".repeat(item.bytes));
            lastSeq += 1;
            model.push({ seq: lastSeq, weight: 512 + item.bytes });
          } else if (item.kind === "bounds") {
            bounds = item;
            book.setBounds(item.limit, item.bytes);
          } else {
            book.clear();
            model = [];
          }
          cut();
          expect(book.page().records.map(({ seq }) => seq)).toEqual(model.map(({ seq }) => seq));
        }
      }),
      { numRuns: 60 },
    );
  });
});
