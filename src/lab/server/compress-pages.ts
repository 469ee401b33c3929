import type { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { compressBytes, createCompressor, MIN_COMPRESSED_BYTES, negotiateCoding } from "#shared";

/** Types of pages and figures; streams of events and files that are compressed already are none of them. */
const PAGE_TYPE = /^(?:text\/(?:html|csv|markdown|css)|application\/(?:json|xml))\b/;

/** Has console, reports and figures sent compressed to clients that take it. */
export function compressPages(server: FastifyInstance): void {
  server.addHook<string | Buffer | Readable | undefined>("onSend", async (request, reply, payload) => {
    const isPage = PAGE_TYPE.test(String(reply.getHeader("content-type") ?? ""));
    if (!isPage || reply.statusCode !== 200 || reply.hasHeader("content-encoding")) return payload;
    reply.header("vary", "accept-encoding");
    const coding = negotiateCoding(request.headers["accept-encoding"]?.toString());
    if (coding === null || payload === undefined || payload === null || request.method !== "GET")
      return payload;
    const isWhole = typeof payload === "string" || Buffer.isBuffer(payload);
    if (isWhole && payload.length < MIN_COMPRESSED_BYTES) return payload;
    reply.header("content-encoding", coding).removeHeader("content-length");
    reply.removeHeader("accept-ranges");
    if (isWhole) return compressBytes(Buffer.from(payload), coding);
    const compressor = createCompressor(coding);
    payload.on("error", (error) => compressor.destroy(error));
    return payload.pipe(compressor);
  });
}
