import { compressBytes, MIN_COMPRESSED_BYTES, negotiateCoding } from "#shared";
import type { Exchange, Route } from "../exchange.ts";

type Handle = NonNullable<Route["handle"]>;

/**
 * Has a control page sent compressed to clients that take it. Only for pages without anything of a request in them: the size of
 * a compressed answer would tell about a secret beside a text that somebody chose (BREACH, CVE-2013-3587).
 */
export function compressed(handle: Handle): Handle {
  return async (exchange) => {
    await handle(exchange);
    await compressAnswer(exchange);
  };
}

async function compressAnswer({ answer, request }: Exchange): Promise<void> {
  if (answer === null) return;
  answer.headers.push("vary", "accept-encoding");
  const coding = negotiateCoding(request.headers["accept-encoding"]?.toString());
  if (coding === null || answer.body.length < MIN_COMPRESSED_BYTES) return;
  answer.body = await compressBytes(Buffer.from(answer.body), coding);
  answer.headers.push("content-encoding", coding);
}
