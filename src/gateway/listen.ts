import type { AddressInfo, Server } from "node:net";
import { RampartError } from "#shared";

/** Where a gateway listens. */
export interface GatewayAddress {
  readonly host: string;
  readonly port: number;
  /** `http://host:port` */
  readonly url: string;
}

/**
 * Listens and says where.
 * @throws RMP_NET_PORT_IN_USE; RMP_NET_BIND_REFUSED when the address cannot be listened on
 */
export async function listenOn(server: Server, host: string, port: number): Promise<GatewayAddress> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(toListenError(error, port)));
    server.listen(port, host, resolve);
  });
  const address = server.address() as AddressInfo; // a TCP server that listens
  const name = host.includes(":") ? `[${host}]` : host;
  return { host, port: address.port, url: `http://${name}:${address.port}` };
}

function toListenError(error: NodeJS.ErrnoException, port: number): RampartError {
  return error.code === "EADDRINUSE"
    ? new RampartError("RMP_NET_PORT_IN_USE", `port ${port} is in use`, { cause: error, field: "port" })
    : new RampartError("RMP_NET_BIND_REFUSED", "the address cannot be listened on", {
        cause: error,
        field: "host",
      });
}
