import type { Exchange } from "../exchange.ts";
import { answerJson } from "./answer-json.ts";

/**
 * `POST /admin/reload`: has the configured file read again, checked and taken over by every process, or by none. Takes
 * nothing from the request. 409 tells why it was refused; the gateway goes on as it was.
 */
export async function reloadConfiguration(exchange: Exchange): Promise<void> {
  const { fleet } = exchange.context;
  const { result, at, reason } = await fleet.reload();
  const { configurationVersion } = (await fleet.collect()).fleet;
  answerJson(
    exchange,
    { result, at, reason, configuration_version: configurationVersion },
    result === "ok" ? 200 : 409,
  );
}
