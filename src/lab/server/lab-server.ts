import { mkdir } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { resolve } from "node:path";
import type { Duplex } from "node:stream";
import type { FastifyInstance } from "fastify";
import type { LabErrorBody, LabStartRequest } from "#contract";
import { type EpochClock, ERRORS, epochMs, RampartError, toRampartError } from "#shared";
import { UI_DIRECTORY } from "../reports/html.ts";
import { createScenarioCatalogue, SCENARIOS_DIRECTORY } from "../scenario-files.ts";
import { TARGETS_DIRECTORY } from "../targets/tables.ts";
import { addApiRoutes } from "./api-routes.ts";
import { createArchive } from "./archive.ts";
import { trimBasePath, withoutBase } from "./base-path.ts";
import { compressPages } from "./compress-pages.ts";
import { createGatewayForward, type GatewayForward } from "./gateway-forward.ts";
import { createScenarioList, type LabServices, startScenario } from "./lab-services.ts";
import { addLocustRoutes } from "./locust-routes.ts";
import { createLogin } from "./login.ts";
import { refusalReason } from "./origin-guard.ts";
import { addPages } from "./pages.ts";
import { createRunSession, type RunSession, type RunSessionOptions } from "./run-session.ts";
import { createWebServer, type WebTls } from "./web-server.ts";

/** Locust's routes that change something though they are read by GET. */
const CHANGING_GETS = new Set(["/stop", "/stats/reset"]);
const LOOPBACK_ADDRESS = /^(?:127\.|::1$|localhost$)/;
/** Prefix under which requests go on to the gateway. */
const GATEWAY_PREFIX = "/gateway";
const MONITOR_PATH = "/ws/monitor";

/** Options of {@link createLabServer}. */
export interface LabServerOptions {
  readonly resultsDirectory: string;
  readonly reportsDirectory: string;
  /** Base URL of the gateway that `/gateway/*` and `/ws/monitor` go to. */
  readonly gatewayUrl: string;
  /** Folder with `console.html` and `report.html`. */
  readonly uiDirectory?: string;
  readonly scenariosDirectory?: string;
  /** Offer only these scenarios: path of the file by name. */
  readonly scenarioFiles?: Readonly<Record<string, string>>;
  readonly targetsDirectory?: string;
  /** Scenario that `/swarm` starts when the form names none. Default `light`. */
  readonly defaultScenario?: string;
  /** Settings for every run's scenario, such as `{ mock: "http://127.0.0.1:8001" }`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What every run is changed by, such as flags of the command line; what a start asks for goes before it. */
  readonly overrides?: RunSessionOptions["overrides"];
  /** Path before all routes, such as `/lab`; none by default. */
  readonly basePath?: string;
  /** Serve https with this certificate chain and key, PEM. */
  readonly tls?: WebTls;
  /** `user:password` that the page asks for; everybody who reaches the page may use it by default. */
  readonly login?: string;
  /** Lets the page choose the user classes of a new run. */
  readonly picksClasses?: boolean;
  readonly epochMs?: EpochClock;
  /** Starts a run; the engine's by default. */
  readonly start?: RunSessionOptions["start"];
}

/** The lab's web server. */
export interface LabServer {
  readonly session: RunSession;
  /** Starts a run, as the page does. @throws RMP_LOAD_SCENARIO_*, RMP_LAB_BUSY */
  start(request: LabStartRequest): Promise<void>;
  /** @throws RMP_NET_PORT_IN_USE */
  listen(address: {
    readonly port: number;
    readonly host?: string;
  }): Promise<{ readonly url: string; readonly port: number }>;
  /** Stops a run under way (its result is kept) and closes all connections. */
  close(): Promise<void>;
}

/** Creates the lab's web server: console, archive, Locust's web routes, JSON API, and the way to the gateway. */
export function createLabServer(options: LabServerOptions): LabServer {
  const services = createServices(options);
  const forward = createGatewayForward(options.gatewayUrl);
  const sockets = new Set<Duplex>();
  const { tls } = options;
  const basePath = trimBasePath(options.basePath ?? "");
  const server = createWebServer(basePath, tls);
  const login =
    options.login === undefined
      ? null
      : createLogin({
          credentials: options.login,
          basePath,
          isTls: tls !== undefined,
          epochMs: services.epochMs,
        });
  let isLoopback = true;

  server.addHook("onRequest", async (request, reply) => {
    const path = request.url.split("?")[0] ?? "";
    const isChanging = (request.method !== "GET" && request.method !== "HEAD") || CHANGING_GETS.has(path);
    const reason = refusalReason(request.raw, isChanging, isLoopback);
    if (reason !== null) throw new RampartError("RMP_LAB_ORIGIN_REFUSED", reason);
    if (login === null || path === "/login" || login.isLoggedIn(request.headers)) return;
    if (path === "/") return reply.redirect(`${basePath}/login`);
    throw new RampartError("RMP_LAB_LOGIN_REQUIRED", "this page needs a login");
  });
  server.setErrorHandler((error, _request, reply) => {
    const known = knownError(error);
    return reply.code(known.status).send(errorBody(known));
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send(errorBody(new RampartError("RMP_ROUTE_NOT_FOUND", "there is no such page"))),
  );
  server.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string" },
    (_request, body, done) => done(null, new URLSearchParams(String(body))),
  );
  compressPages(server);
  addLocustRoutes(server, services);
  addApiRoutes(server, services);
  addGatewayRoutes(server, forward);
  login?.addRoutes(server);
  const isAllowed = (request: IncomingMessage): boolean =>
    refusalReason(request, true, isLoopback) === null && login?.isLoggedIn(request.headers) !== false;
  server.server.on("upgrade", (request, socket, head) => {
    const path = withoutBase(request.url ?? "", basePath) ?? "";
    const target = path.startsWith(`${GATEWAY_PREFIX}/`) ? path.slice(GATEWAY_PREFIX.length) : path;
    const isKnown = target === MONITOR_PATH || target.startsWith(`${MONITOR_PATH}?`);
    if (!isKnown || !isAllowed(request)) {
      socket.end(`HTTP/1.1 ${isKnown ? "403 Forbidden" : "404 Not Found"}\r\nconnection: close\r\n\r\n`);
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    forward.upgrade(target, request, socket, head);
  });

  return {
    session: services.session,
    start: services.start,
    async listen({ port, host = "127.0.0.1" }) {
      isLoopback = LOOPBACK_ADDRESS.test(host);
      await mkdir(services.reportsDirectory, { recursive: true });
      await server.register(async (pages) => addPages(pages, services));
      try {
        const bound = new URL(await server.listen({ port, host }));
        if (tls !== undefined) bound.protocol = "https:";
        return { url: `${bound.origin}${basePath}`, port: Number(bound.port) };
      } catch (cause) {
        if (isPortInUse(cause))
          throw new RampartError("RMP_NET_PORT_IN_USE", `port ${port} is in use`, { cause, field: "port" });
        throw cause;
      }
    },
    async close() {
      services.session.stop();
      await services.session.idle();
      for (const socket of sockets) socket.destroy();
      await server.close();
    },
  };
}

function createServices(options: LabServerOptions): LabServices {
  const uiDirectory = options.uiDirectory ?? UI_DIRECTORY;
  const targetsDirectory = options.targetsDirectory ?? TARGETS_DIRECTORY;
  const catalogue = createScenarioCatalogue(
    options.scenariosDirectory ?? SCENARIOS_DIRECTORY,
    options.scenarioFiles,
  );
  const clock = options.epochMs ?? epochMs;
  const session = createRunSession({
    resultsDirectory: options.resultsDirectory,
    reportsDirectory: options.reportsDirectory,
    epochMs: clock,
    uiDirectory,
    targetsDirectory,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
    ...(options.start === undefined ? {} : { start: options.start }),
  });
  return {
    session,
    archive: createArchive(options.resultsDirectory),
    epochMs: clock,
    uiDirectory,
    targetsDirectory,
    scenarios: createScenarioList(catalogue, options.picksClasses === true),
    reportsDirectory: resolve(options.reportsDirectory),
    defaultScenario: options.defaultScenario ?? "light",
    start: (request) => startScenario(session, request, catalogue),
  };
}

/** `/gateway/*` with every method; bodies are streamed on, not parsed. */
function addGatewayRoutes(server: FastifyInstance, forward: GatewayForward): void {
  void server.register(async (plain) => {
    plain.removeAllContentTypeParsers();
    plain.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    plain.all(`${GATEWAY_PREFIX}/*`, (request, reply) => {
      reply.hijack();
      forward.request(request.url.slice(GATEWAY_PREFIX.length), request.raw, reply.raw);
    });
  });
}

function knownError(error: unknown): RampartError {
  if (error instanceof RampartError) return error;
  const status =
    typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : undefined;
  if (status === 413)
    return new RampartError("RMP_REQ_BODY_TOO_LARGE", "the body is too large", { cause: error });
  if (typeof status === "number" && status >= 400 && status < 500)
    return new RampartError("RMP_REQ_BAD", "the request cannot be read", { cause: error });
  return toRampartError(error);
}

function errorBody(error: RampartError): LabErrorBody {
  return { error: { code: error.code, message: error.message, hint: ERRORS[error.code].hint } };
}

function isPortInUse(cause: unknown): boolean {
  return typeof cause === "object" && cause !== null && "code" in cause && cause.code === "EADDRINUSE";
}
