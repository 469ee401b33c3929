/**
 * Writes to a TCP socket past Node's stream machinery. A request is one short text on a socket with nothing under way, so
 * queue, callback and the tick that follows each write buy nothing, and they cost a tenth of a request's CPU.
 *
 * This stands on what Node 20 has inside; other versions, TLS, and sockets that are not quite open write as usual.
 */
import type net from "node:net";
import { getSystemErrorName } from "node:util";

/** Node's own object for a write under way; it may be used again once a write ended within the call. */
interface WriteRequest {
  handle: unknown;
  oncomplete: (status: number) => void;
}

interface StreamBinding {
  readonly WriteWrap: new () => WriteRequest;
  readonly streamBaseState: Readonly<Record<number, number>>;
  readonly kLastWriteWasAsync: number;
}

interface StreamHandle {
  writeLatin1String(request: WriteRequest, text: string): number;
}

const binding = streamBinding();

/** Writer of one socket. */
export class DirectWriter {
  readonly #socket: net.Socket;
  #request: WriteRequest | null = null;

  /** @param socket a plain TCP socket or one over a Unix-domain socket */
  constructor(socket: net.Socket) {
    this.#socket = socket;
  }

  /** Writes text as latin1. @returns false when it has to be written as usual; failures reach the socket's `error` */
  write(text: string): boolean {
    // Node keeps a socket's handle in this undeclared field; null before it is connected and after it was closed.
    const { _handle: handle } = this.#socket as unknown as { readonly _handle: StreamHandle | null };
    if (binding === null || handle === null || this.#socket.writableLength > 0) return false;
    const request = (this.#request ??= this.#newRequest(binding, handle));
    const error = handle.writeLatin1String(request, text);
    // What the kernel did not take at once goes on in the background, and owns its request until then.
    if (error !== 0 || binding.streamBaseState[binding.kLastWriteWasAsync] === 1) this.#request = null;
    if (error !== 0) this.#fail(error);
    return true;
  }

  #newRequest({ WriteWrap }: StreamBinding, handle: StreamHandle): WriteRequest {
    const request = new WriteWrap();
    request.handle = handle;
    request.oncomplete = (status) => {
      if (status < 0) this.#fail(status);
    };
    return request;
  }

  #fail(status: number): void {
    const code = getSystemErrorName(status);
    this.#socket.destroy(Object.assign(new Error(`write ${code}`), { code, syscall: "write" }));
  }
}

/** Node's stream internals where they are known to be as needed; else null. */
function streamBinding(): StreamBinding | null {
  if (!process.versions.node.startsWith("20.")) return null;
  // Undeclared on purpose by Node's types: it is internal.
  const { binding: load } = process as unknown as { readonly binding?: (name: string) => unknown };
  try {
    // Every field that is used is checked below.
    const found = load?.("stream_wrap") as Partial<StreamBinding> | undefined;
    const { WriteWrap, streamBaseState, kLastWriteWasAsync } = found ?? {};
    if (
      typeof WriteWrap !== "function" ||
      streamBaseState === undefined ||
      typeof kLastWriteWasAsync !== "number"
    )
      return null;
    return { WriteWrap, streamBaseState, kLastWriteWasAsync };
  } catch {
    return null;
  }
}
