import { describe, expect, it } from "vitest";
import { createGuard } from "#detect";
import { isHarmless } from "./request-id.ts";

const guard = createGuard();

describe("request ids that a client chose", () => {
  it.each([
    "rq-0123456789ab-1z",
    "123e4567-e89b-12d3-a456-426614174000",
    "01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "4bf92f3577b34da6a3ce929d0e0e4736",
    "call-1",
    "my_id_7",
  ])("are taken when they name nobody: %s", (id) => {
    expect(isHarmless(id, guard)).toBe(true);
  });

  it.each([
    "",
    "457-55-5462",
    "4111111111111111",
    "ann@example.com",
    "ann.lee",
    `sk-proj-${"aB3dE5gH".repeat(4)}`,
    "AKIAIOSFODNN7EXAMPLE",
    "a\nb",
    "a b",
    "x".repeat(33),
  ])("are not taken when they could: %j", (id) => {
    expect(isHarmless(id, guard)).toBe(false);
  });

  it("are not taken when the guard crashes", () => {
    const broken = {
      name: "broken",
      types: ["EMAIL_ADDRESS"],
      find: () => {
        throw new Error("x");
      },
    };
    expect(isHarmless("call-1", createGuard({ recognisers: [broken] }))).toBe(false);
  });
});
