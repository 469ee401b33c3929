import { describe, expect, it } from "vitest";
import { HeadMemo } from "./head-memo.ts";
import type { ResponseHead } from "./response-head.ts";
import { ResponseParser } from "./response-parser.ts";

function answer(date: string, body: string): Buffer {
  return Buffer.from(`HTTP/1.1 200 OK\r\ndate: ${date}\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
}

function read(parser: ResponseParser, target: string, bytes: Buffer, cut: number) {
  let head: ResponseHead | null = null;
  let body = "";
  const onHead = (seen: ResponseHead) => {
    head = seen;
  };
  const sink = (buffer: Buffer, start: number, end: number) => {
    body += buffer.toString("latin1", start, end);
  };
  parser.begin("GET", onHead, sink, target);
  for (const part of [bytes.subarray(0, cut), bytes.subarray(cut)]) parser.feed(part, 0, part.length);
  expect(parser.isDone).toBe(true);
  return { head: head as ResponseHead | null, body };
}

describe("HeadMemo", () => {
  it("gives the same answers as parsing anew, split anywhere", () => {
    const parser = new ResponseParser(new HeadMemo());
    const answers = [
      answer("1", "abc"),
      answer("1", "abd"),
      answer("2", "abc"),
      answer("2", "abcd"),
      answer("2", ""),
    ];
    const length = Math.max(...answers.map((bytes) => bytes.length));
    for (let cut = 0; cut <= length; cut += 1)
      for (const bytes of answers) {
        const { head, body } = read(parser, "/a", bytes, Math.min(cut, bytes.length));
        const text = bytes.toString("latin1");
        expect(head?.text).toBe(text.slice(0, text.indexOf("\r\n\r\n")));
        expect(body).toBe(text.slice(text.indexOf("\r\n\r\n") + 4));
      }
  });

  it("knows a head again, and no other", () => {
    const memo = new HeadMemo();
    const parser = new ResponseParser(memo);
    const bytes = answer("1", "abc");
    const { head } = read(parser, "/a", bytes, bytes.length);
    expect(memo.find("/a", bytes, 0, bytes.length)).toBe(head);
    expect(memo.find("/b", bytes, 0, bytes.length)).toBeNull();
    expect(memo.find("/a", bytes, 0, bytes.length - 4)).toBeNull();
    const other = answer("3", "abc");
    expect(memo.find("/a", other, 0, other.length)).toBeNull();
  });

  it("gives up a target whose heads always differ", () => {
    const memo = new HeadMemo();
    const parser = new ResponseParser(memo);
    for (let n = 0; n < 50; n += 1) read(parser, "/a", answer(`${n}`, "abc"), 0);
    const last = answer("49", "abc");
    expect(memo.find("/a", last, 0, last.length)).toBeNull();
  });
});
