import { brotliDecompress, gunzip, type InputType, inflate, type ZlibOptions } from "node:zlib";
import { RampartError } from "#shared";

type Decompress = (
  input: InputType,
  options: ZlibOptions,
  done: (error: NodeJS.ErrnoException | null, output: Buffer) => void,
) => void;

/** Content codings of request bodies. Source: RFC 9110, section 8.4.1; `br`: RFC 7932. */
const CODINGS: Readonly<Record<string, Decompress>> = {
  gzip: gunzip,
  "x-gzip": gunzip,
  deflate: inflate,
  br: brotliDecompress,
};

/** Output that is allowed however small the input is: a few repeated lines compress further than any ratio. */
const MIN_OUTPUT_BYTES = 64 * 1024;

/** Bounds of a decompressed body. */
export interface DecompressionBounds {
  readonly bodyBytes: number;
  /** Most output bytes per input byte. */
  readonly decompressionRatio: number;
}

/** Whether a body of this coding can be read; `identity` is none. */
export function isKnownCoding(coding: string): boolean {
  return Object.hasOwn(CODINGS, coding.toLowerCase());
}

/**
 * Decompresses a complete body in the thread pool; stops as soon as the output exceeds its bounds.
 * @param done gets the body, or RMP_REQ_BODY_TOO_LARGE, or RMP_REQ_BAD for bytes that are not of this coding
 */
export function decompress(
  body: Buffer,
  coding: string,
  bounds: DecompressionBounds,
  done: (error: RampartError | null, output: Buffer) => void,
): void {
  const maxOutputLength = Math.min(
    bounds.bodyBytes,
    Math.max(MIN_OUTPUT_BYTES, Math.ceil(body.length * bounds.decompressionRatio)),
  );
  CODINGS[coding.toLowerCase()]?.(body, { maxOutputLength }, (error, output) => {
    if (error === null) done(null, output);
    else if (error.code === "ERR_BUFFER_TOO_LARGE")
      done(
        new RampartError(
          "RMP_REQ_BODY_TOO_LARGE",
          `the body exceeds ${maxOutputLength} bytes when decompressed`,
        ),
        EMPTY,
      );
    else done(new RampartError("RMP_REQ_BAD", "the body cannot be decompressed", { cause: error }), EMPTY);
  });
}

const EMPTY = Buffer.alloc(0);
