/** How framing fails, told apart from what goes wrong in a network. */

/** A violation of HTTP/1.1 framing; the message is one of a small fixed set. */
export class ProtocolError extends Error {
  override readonly name = "ProtocolError";
}
