import { describe, expect, it } from "vitest";
import { HeaderMemo, MergedHeaders } from "./header-memo.ts";

describe("HeaderMemo", () => {
  it("follows every change of the object", () => {
    const memo = new HeaderMemo();
    const headers: Record<string, string> = { a: "1" };
    expect(memo.lines(headers)).toBe("a: 1\r\n");
    headers["a"] = "2";
    expect(memo.lines(headers)).toBe("a: 2\r\n");
    headers["b"] = "3";
    expect(memo.lines(headers)).toBe("a: 2\r\nb: 3\r\n");
    delete headers["a"];
    expect(memo.lines(headers)).toBe("b: 3\r\n");
    expect(memo.lines({})).toBe("");
  });
});

describe("MergedHeaders", () => {
  it("puts the request's over the user's, and follows changes of both", () => {
    const memo = new MergedHeaders();
    const base: Record<string, string> = { accept: "*/*" };
    const own: Record<string, string> = { Accept: "text/html", "X-A": "1" };
    expect(memo.lines(base, own)).toBe("accept: text/html\r\nx-a: 1\r\n");
    own["X-A"] = "2";
    expect(memo.lines(base, own)).toBe("accept: text/html\r\nx-a: 2\r\n");
    base["b"] = "3";
    expect(memo.lines(base, own)).toBe("accept: text/html\r\nb: 3\r\nx-a: 2\r\n");
    expect(memo.hasCookie).toBe(false);
    own["Cookie"] = "c=1";
    memo.lines(base, own);
    expect(memo.hasCookie).toBe(true);
  });

  it("refuses what would split the message, again and again", () => {
    const memo = new MergedHeaders();
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(() => memo.lines({}, { a: "1\r\nb: 2" })).toThrow(
        expect.objectContaining({ code: "RMP_LOAD_SCENARIO_INVALID" }),
      );
  });
});
