import { type MonitorMessage, MonitorMessageSchema } from "#contract";
import { RampartError } from "#shared";
import { validatorOf } from "../routes/validated.ts";

const validate = validatorOf(MonitorMessageSchema);
/** What an error may name: everything else is the client's own text. */
const FIELD = /^(?:|type|filter(?:\.(?:routes(?:\.\d+)?|min_level|flagged_only|tenant))?)$/;

/**
 * Reads a client's message.
 * @throws RMP_REQ_MALFORMED_JSON, RMP_REQ_INVALID naming the wrong field, never its value
 */
export function readMessage(text: string): MonitorMessage {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new RampartError("RMP_REQ_MALFORMED_JSON", "the message is not JSON");
  }
  try {
    return validate(message);
  } catch (error) {
    if (error instanceof RampartError && FIELD.test(error.field ?? "")) throw error;
    throw new RampartError("RMP_REQ_INVALID", "filter: has a field that is not known", { field: "filter" });
  }
}
