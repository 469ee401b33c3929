import { createServer as createHttpsServer } from "node:https";
import Fastify, { type FastifyHttpOptions, type FastifyInstance, type RawServerDefault } from "fastify";
import { RampartError } from "#shared";
import { withoutBase } from "./base-path.ts";

const MAX_BODY_BYTES = 1024 * 1024;

/** Certificate chain and key, PEM. */
export interface WebTls {
  readonly cert: string;
  readonly key: string;
}

/**
 * A web server without routes, over http or https, whose routes see paths without the base path.
 * @param basePath as {@link trimBasePath} makes it; what lies elsewhere is refused with RMP_ROUTE_NOT_FOUND
 * @throws RMP_CONFIG_INVALID for a certificate or key that cannot be used
 */
export function createWebServer(basePath: string, tls: WebTls | undefined): FastifyInstance {
  const options: FastifyHttpOptions<RawServerDefault> = {
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    rewriteUrl: ({ url = "/" }) => withoutBase(url, basePath) ?? url,
  };
  if (tls !== undefined)
    options.serverFactory = (handler) => {
      try {
        return createHttpsServer({ cert: tls.cert, key: tls.key }, handler);
      } catch (cause) {
        throw new RampartError(
          "RMP_CONFIG_INVALID",
          "--tls-cert, --tls-key: not a PEM certificate and its key",
          { cause, field: "tls-cert" },
        );
      }
    };
  const server = Fastify(options);
  if (basePath !== "")
    server.addHook("onRequest", async (request, reply) => {
      if (request.originalUrl === basePath) return reply.redirect(`${basePath}/`);
      if (withoutBase(request.originalUrl, basePath) === null)
        throw new RampartError("RMP_ROUTE_NOT_FOUND", `this page lies below ${basePath}/`);
      return;
    });
  return server;
}
