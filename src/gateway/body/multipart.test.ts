import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMultipart } from "./multipart.ts";

const TYPE = 'multipart/form-data; boundary="--x y"';

function form(parts: readonly { readonly name: string; readonly body: Uint8Array }[]): Buffer {
  const chunks = parts.flatMap(({ name, body }) => [
    Buffer.from(
      `----x y\r\nContent-Disposition: form-data; filename="a.png"; name="${name}"\r\nContent-Type: Image/PNG; q=1\r\n\r\n`,
    ),
    Buffer.from(body),
    Buffer.from("\r\n"),
  ]);
  return Buffer.concat([Buffer.from("preamble\r\n"), ...chunks, Buffer.from("----x y--\r\n")]);
}

describe("multipart forms", () => {
  it("give back every part, whatever bytes it holds", () => {
    const part = fc.record({
      name: fc.stringMatching(/^[a-z_]{1,8}$/),
      body: fc.uint8Array({ maxLength: 200 }),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const parsed = parseMultipart(form(parts), TYPE);
        expect(parsed.map(({ name }) => name)).toEqual(parts.map(({ name }) => name));
        parsed.forEach(({ body }, i) => {
          expect(body.equals(Buffer.from(parts[i]?.body ?? []))).toBe(true);
        });
        expect(parsed[0]?.contentType).toBe("image/png");
      }),
    );
  });

  it.each([
    ["no boundary", Buffer.from(""), "multipart/form-data"],
    ["no end", Buffer.from('----x y\r\nContent-Disposition: form-data; name="a"\r\n\r\nbody'), TYPE],
    ["no name", Buffer.from("----x y\r\nContent-Disposition: form-data\r\n\r\nbody\r\n----x y--"), TYPE],
    ["no header end", Buffer.from("----x y\r\n----x y--"), TYPE],
    [
      "too many parts",
      form(Array.from({ length: 40 }, () => ({ name: "a", body: new Uint8Array(1) }))),
      TYPE,
    ],
  ])("are refused with %s", (_name, body, type) => {
    expect(() => parseMultipart(body, type)).toThrow(expect.objectContaining({ code: "RMP_REQ_BAD" }));
  });
});
