import type { Exchange } from "../exchange.ts";

/** Puts a JSON answer into the exchange. */
export function answerJson(exchange: Exchange, body: unknown, status = 200): void {
  exchange.answer = {
    status,
    headers: ["content-type", "application/json; charset=utf-8"],
    body: JSON.stringify(body),
  };
}

/** Puts a text answer into the exchange. */
export function answerText(exchange: Exchange, body: string, contentType: string): void {
  exchange.answer = { status: 200, headers: ["content-type", contentType], body };
}
