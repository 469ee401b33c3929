import { describe, expect, it } from "vitest";
import { SEED_SAMPLES } from "../../test/fixtures/seed-samples.ts";
import { createGuard, DEFAULT_POLICY, type Policy, parsePolicy } from "./index.ts";

const guard = createGuard();

/** A policy that applies one operator to e-mail addresses and cards. */
function policyWith(rule: Policy["entities"][string]): Policy {
  return { ...DEFAULT_POLICY, entities: { EMAIL_ADDRESS: rule, CREDIT_CARD: rule } };
}

describe("guard", () => {
  it.each(SEED_SAMPLES.map((sample, index) => [index + 1, sample] as const))(
    "masks and restores sample %i",
    (_number, { text, values }) => {
      const { text: sent, vault } = guard.anonymise(text);
      for (const value of values.filter((entry) => entry !== "123 Main St"))
        expect(sent).not.toContain(value);
      expect(guard.restore(sent, vault)).toBe(text);
    },
  );

  it("names the short placeholders of the documents", () => {
    const { text } = guard.anonymise("a@b.com, 555-123-4567, 123-45-6789, 4111111111111111, 10.0.0.1");
    expect(text).toBe("[EMAIL_1], [PHONE_1], [SSN_1], [CARD_1], [IP_1]");
  });

  it("gives the same value the same placeholder, along a conversation", () => {
    const vault = guard.createVault();
    expect(guard.anonymise("a@b.com c@d.com a@b.com", vault).text).toBe("[EMAIL_1] [EMAIL_2] [EMAIL_1]");
    expect(guard.anonymise("again c@d.com and e@f.com", vault).text).toBe("again [EMAIL_2] and [EMAIL_3]");
  });

  it("reserves look-alikes of all texts before it replaces in the first", () => {
    const vault = guard.createVault();
    const texts = ["write to a@b.com", "what does [EMAIL_1] mean?"];
    const done = guard.anonymiseAll(texts, vault);
    expect(done.map((result) => result.text)).toEqual(["write to [EMAIL_2]", "what does [EMAIL_1] mean?"]);
    expect(guard.restore("[EMAIL_1] is [EMAIL_2]", vault)).toBe("[EMAIL_1] is a@b.com");
  });

  it("replaces a look-alike that the conversation already issued, so that both come back right", () => {
    const vault = guard.createVault();
    guard.anonymise("a@b.com", vault);
    const { text } = guard.anonymise("is [EMAIL_1] a placeholder?", vault);
    expect(text).toBe("is [LITERAL_1] a placeholder?");
    expect(guard.restore(text, vault)).toBe("is [EMAIL_1] a placeholder?");
  });

  it("replaces a value inside of a URL that itself may stay", () => {
    expect(guard.anonymise("see https://x.example/call/555-123-4567?mail=a@b.com").text).toBe(
      "see https://x.example/call/[PHONE_1]?mail=[EMAIL_1]",
    );
  });

  it("walks the leaves of JSON values and leaves keys alone", () => {
    const vault = guard.createVault();
    const value = { to: ["a@b.com", 5, null], "c@d.com": { note: 'say "hi" to a@b.com\n' } };
    const done = guard.anonymiseJson(value, vault);
    expect(done.value).toEqual({
      to: ["[EMAIL_1]", 5, null],
      "c@d.com": { note: 'say "hi" to [EMAIL_1]\n' },
    });
    expect(done.findings.map((finding) => finding.path)).toEqual([
      ["to", 0],
      ["c@d.com", "note"],
    ]);
    expect(guard.restoreJson(done.value, vault)).toEqual(value);
  });

  it("keeps values on the allow list and finds those on the deny list", () => {
    const listed = createGuard({
      policy: { ...DEFAULT_POLICY, allow: ["Info@Example.com"], deny: ["Project Nightjar"] },
    });
    const { text } = listed.anonymise("info@example.com tells of project nightjar, not of project nightjars");
    expect(text).toBe("info@example.com tells of [CUSTOM_1], not of project nightjars");
  });

  it("runs customers' patterns on RE2 and refuses what RE2 does not know", () => {
    const base = { name: "x", entities: { TICKET: "placeholder" } };
    const patterns = (pattern: string) => [{ name: "TICKET", pattern, score: 0.9 }];
    const own = createGuard({ policy: parsePolicy({ ...base, patterns: patterns("TCK-\\d{6}") }) });
    expect(own.anonymise("see TCK-123456").text).toBe("see [TICKET_1]");
    expect(() =>
      createGuard({ policy: parsePolicy({ ...base, patterns: patterns("(a)\\1") }) }),
    ).toThrowError(expect.objectContaining({ code: "RMP_DETECT_PATTERN_INVALID" }));
  });

  it("says that there is no injection detector instead of calling a text safe", () => {
    expect(() => guard.detectInjection("x")).toThrowError(
      expect.objectContaining({ code: "RMP_BACKEND_UNAVAILABLE" }),
    );
  });

  it("loads a model once, when a text first needs it", () => {
    let loads = 0;
    const names = () => {
      loads++;
      return { name: "names", types: ["PERSON"], find: () => [] };
    };
    const lazy = createGuard({ models: { names } });
    expect(loads).toBe(0);
    lazy.inspect("a");
    lazy.inspect("b");
    expect(loads).toBe(1);
  });
});

describe("operators", () => {
  const text = "from jane.doe@example.org with 4111 1111 1111 1111";
  const keyA = new Uint8Array(32).fill(1);
  const keyB = new Uint8Array(32).fill(2);

  it("masks and keeps the structure", () => {
    const masking = createGuard({ policy: policyWith({ operator: "mask", threshold: 0.5, keepLast: 4 }) });
    expect(masking.anonymise(text).text).toBe("from ****.***@******e.org with **** **** **** 1111");
  });

  it("hashes under the tenant's key", () => {
    const rule = { operator: "hash", threshold: 0.5 } as const;
    const [a, again, b] = [keyA, keyA, keyB].map(
      (tenantKey) => createGuard({ policy: policyWith(rule), tenantKey }).anonymise(text).text,
    );
    expect(a).toBe(again);
    expect(a).not.toBe(b);
    expect(a).toMatch(/^from <EMAIL:[0-9a-f]{20}> with <CARD:[0-9a-f]{20}>$/);
  });

  it("encrypts so that the vault restores and nobody else reads", () => {
    const policy = policyWith({ operator: "encrypt", threshold: 0.5 });
    const encrypting = createGuard({ policy, tenantKey: keyA });
    const { text: sent, vault } = encrypting.anonymise(text);
    expect(sent).toMatch(/^from \[ENC_[\w-]+\] with \[ENC_[\w-]+\]$/);
    expect(encrypting.restore(sent, vault)).toBe(text);
    expect(encrypting.anonymise(text).text).toBe(sent);
    expect(createGuard({ policy, tenantKey: keyB }).anonymise(text).text).not.toBe(sent);
  });

  it("synthesises the same shape, the same within a tenant", () => {
    const policy = policyWith({ operator: "synthetic", threshold: 0.5 });
    const make = (tenantKey: Uint8Array) => createGuard({ policy, tenantKey }).anonymise(text).text;
    expect(make(keyA)).toBe(make(keyA));
    expect(make(keyA)).not.toBe(make(keyB));
    expect(make(keyA)).toMatch(/^from [a-z]{4}\.[a-z]{3}@example\.com with \d{4} \d{4} \d{4} \d{4}$/);
    expect(make(keyA)).not.toContain("4111");
  });

  it("drops, and keeps what the policy only reports", () => {
    expect(
      createGuard({ policy: policyWith({ operator: "drop", threshold: 0.5 }) }).anonymise(text).text,
    ).toBe("from  with ");
    const keeping = createGuard({ policy: policyWith({ operator: "keep", threshold: 0.5 }) });
    expect(keeping.anonymise(text)).toMatchObject({ text, findings: [] });
    expect(keeping.inspect(text)).toHaveLength(2);
  });

  it("refuses keyed operators without a key", () => {
    const hashing = createGuard({ policy: policyWith({ operator: "hash", threshold: 0.5 }) });
    expect(() => hashing.anonymise(text)).toThrowError(
      expect.objectContaining({ code: "RMP_DETECT_KEY_MISSING" }),
    );
  });
});
