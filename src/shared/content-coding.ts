/** Compression of pages that are read by people and programs: never of answers of a provider, nor of streams of events. */
import type { Transform } from "node:stream";
import { promisify } from "node:util";
import { brotliCompress, constants, createBrotliCompress, createGzip, gzip } from "node:zlib";

/** Codings that a page can be sent in. Source: RFC 9110, section 8.4.1; `br`: RFC 7932. */
export type ContentCoding = "br" | "gzip";

/** Pages shorter than this fit into one packet either way, bytes. */
export const MIN_COMPRESSED_BYTES = 1024;

/** The quality at which brotli takes as long as gzip and is smaller; its own default is made for files. Source: RFC 7932 encoder. */
const BROTLI = {
  params: {
    [constants.BROTLI_PARAM_QUALITY]: 5,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
  },
};

const brotliBytes = promisify(brotliCompress);
const gzipBytes = promisify<Buffer, Buffer>(gzip);

/**
 * The coding that a client likes best of those there are; null for none. Source: RFC 9110, section 12.5.3.
 * @param accept the header `Accept-Encoding`
 */
export function negotiateCoding(accept: string | undefined): ContentCoding | null {
  if (accept === undefined) return null;
  const weights = new Map<string, number>();
  for (const part of accept.toLowerCase().split(",")) {
    const [coding = "", ...parameters] = part.split(";");
    const weight = parameters.find((parameter) => parameter.trim().startsWith("q="));
    weights.set(coding.trim(), weight === undefined ? 1 : Number(weight.trim().slice(2)));
  }
  const weightOf = (coding: ContentCoding): number => weights.get(coding) ?? weights.get("*") ?? 0;
  const [brotli, plain] = [weightOf("br"), weightOf("gzip")];
  if (brotli > 0 && !(plain > brotli)) return "br";
  return plain > 0 ? "gzip" : null;
}

/** Compresses a whole page in the thread pool. */
export function compressBytes(bytes: Buffer, coding: ContentCoding): Promise<Buffer> {
  return coding === "br" ? brotliBytes(bytes, BROTLI) : gzipBytes(bytes);
}

/** Compresses a page that is read from somewhere piece by piece. */
export function createCompressor(coding: ContentCoding): Transform {
  return coding === "br" ? createBrotliCompress(BROTLI) : createGzip();
}
