import { describe, expect, it } from "vitest";
import { RampartError } from "#shared";
import { toUpstreamError } from "./upstream-error.ts";

describe("errors of the HTTP client", () => {
  it.each([
    ["UND_ERR_CONNECT_TIMEOUT", "RMP_UPSTREAM_TIMEOUT"],
    ["UND_ERR_HEADERS_TIMEOUT", "RMP_UPSTREAM_TIMEOUT"],
    ["UND_ERR_BODY_TIMEOUT", "RMP_UPSTREAM_TIMEOUT"],
    ["ECONNREFUSED", "RMP_UPSTREAM_UNREACHABLE"],
    ["ENOTFOUND", "RMP_UPSTREAM_UNREACHABLE"],
    ["UND_ERR_SOCKET", "RMP_UPSTREAM_RESET"],
    ["EPIPE", "RMP_UPSTREAM_RESET"],
    ["UND_ERR_HEADERS_OVERFLOW", "RMP_UPSTREAM_TOO_LARGE"],
    ["UND_ERR_RES_CONTENT_LENGTH_MISMATCH", "RMP_UPSTREAM_PROTOCOL"],
    ["HPE_INVALID_CHUNK_SIZE", "RMP_UPSTREAM_PROTOCOL"],
    ["CERT_HAS_EXPIRED", "RMP_UPSTREAM_PROTOCOL"],
  ])("%s is %s", (code, expected) => {
    expect(toUpstreamError(Object.assign(new Error("x"), { code })).code).toBe(expected);
    // Several attempts to connect come as one aggregate, wrapped errors as a cause.
    const aggregate = new AggregateError([Object.assign(new Error("x"), { code })]);
    expect(toUpstreamError(aggregate).code).toBe(expected);
    expect(toUpstreamError(new Error("outer", { cause: Object.assign(new Error("x"), { code }) })).code).toBe(
      expected,
    );
  });

  it("of the parser lose the bytes they carry", () => {
    const parser = Object.assign(new Error("Expected HTTP/"), {
      name: "HTTPParserError",
      data: "secret bytes",
    });
    const error = toUpstreamError(parser);
    expect(error.code).toBe("RMP_UPSTREAM_PROTOCOL");
    expect(JSON.stringify(error.cause, Object.getOwnPropertyNames(error.cause))).not.toContain("secret");
  });

  it("of our own stay what they are", () => {
    const own = new RampartError("RMP_UPSTREAM_TOO_LARGE", "x");
    expect(toUpstreamError(own)).toBe(own);
  });
});
