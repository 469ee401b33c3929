import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createGuard, DEFAULT_POLICY, type Policy } from "./index.ts";

const planted = fc.constantFrom(
  "john.o'hara@example.co.uk",
  "a@b.com",
  "+49 30 901820",
  "(555) 123-4567",
  "4111 1111 1111 1111",
  "SSN: 123-45-6789",
  "DE89 3704 0044 0532 0130 00",
  "192.168.1.77",
  "2001:db8::1",
  "My name is Alice Johnson.",
  "password=hunter2$&",
  "https://example.org/?q=a@b.com",
  "[see](mailto:a@b.com)",
  "![x](//evil.example/a@b.com)",
  "www.example.com/192.168.1.77",
  "example.com/a@b.com#4111111111111111",
  "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
);
const lookAlike = fc
  .tuple(fc.constantFrom("EMAIL", "PHONE", "CARD", "NAME", "URL", "X"), fc.integer({ min: 1, max: 3 }))
  .map(([name, number]) => `[${name}_${number}]`);
const noise = fc.oneof(
  fc.string({ unit: "binary", maxLength: 6 }),
  fc.string({ unit: "grapheme", maxLength: 6 }),
  fc.constantFrom(
    " ",
    "\n",
    "[",
    "]",
    "](",
    ")",
    "[EMAIL_",
    "_1]",
    "://",
    "//",
    "\u200b",
    "\ud83d",
    ". ",
    "$&",
  ),
);
const text = fc
  .array(fc.oneof({ weight: 3, arbitrary: planted }, lookAlike, noise, fc.constant(" ")), { maxLength: 12 })
  .map((parts) => parts.join(""));

const everything: Policy = {
  ...DEFAULT_POLICY,
  entities: Object.fromEntries(
    Object.keys(DEFAULT_POLICY.entities).map((type) => [type, { operator: "placeholder", threshold: 0.3 }]),
  ),
};

describe("laws of replacing and restoring", () => {
  const guards = [createGuard(), createGuard({ policy: everything })];

  it("restores exactly what was replaced, over several texts of one conversation", () => {
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...guards),
        (texts, guard) => {
          const vault = guard.createVault();
          for (const turn of [texts, texts.slice().reverse()]) {
            const done = guard.anonymiseAll(turn, vault);
            expect(done.map((result) => guard.restore(result.text, vault))).toEqual(turn);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it("gives the same text for any chunking of a stream", () => {
    fc.assert(
      fc.property(
        text,
        text,
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (sent, added, sizes) => {
          const guard = guards[1]!;
          const vault = guard.createVault();
          const answer = guard.anonymise(sent, vault).text + added + guard.anonymise(added, vault).text;
          const restorer = guard.restoreStream(vault);
          let out = "";
          for (let at = 0, k = 0; at < answer.length; k++) {
            const size = sizes[k % sizes.length]!;
            out += restorer.push(answer.slice(at, at + size));
            at += size;
          }
          expect(out + restorer.flush()).toBe(guard.restore(answer, vault));
        },
      ),
      { numRuns: 400 },
    );
  });

  it("finds spans inside of the text, in order, without overlaps", () => {
    fc.assert(
      fc.property(text, fc.constantFrom(...guards), (input, guard) => {
        let reach = 0;
        for (const finding of guard.inspect(input)) {
          expect(finding.start).toBeGreaterThanOrEqual(reach);
          expect(finding.end).toBeGreaterThan(finding.start);
          expect(finding.score).toBeGreaterThanOrEqual(0);
          expect(finding.score).toBeLessThanOrEqual(1);
          reach = finding.end;
        }
        expect(reach).toBeLessThanOrEqual(input.length);
      }),
      { numRuns: 400 },
    );
  });

  it("replaces every finding: no value of a finding is left where it stood", () => {
    fc.assert(
      fc.property(planted, (value) => {
        const guard = guards[1]!;
        const { text: sent, findings, vault } = guard.anonymise(`Here: ${value} .`);
        expect(findings.length).toBeGreaterThan(0);
        expect(vault.size).toBeGreaterThan(0);
        expect(sent).not.toContain("a@b.com");
      }),
    );
  });

  it("keeps placeholders of another vault literal", () => {
    fc.assert(
      fc.property(text, (input) => {
        const guard = guards[0]!;
        const other = guard.createVault({ tenant: "b" });
        const { text: sent } = guard.anonymise(input, guard.createVault({ tenant: "a" }));
        expect(guard.restore(sent, other)).toBe(sent);
      }),
      { numRuns: 100 },
    );
  });
});
