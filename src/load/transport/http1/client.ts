/** HTTP client of one virtual user over the connections of its own or of its worker. */
import type { EpochClock, MonotonicClock } from "#shared";
import type {
  HttpClient,
  HttpOptions,
  HttpResponse,
  RequestOptions,
  StreamOptions,
  StreamResponse,
} from "../../model/http-types.ts";
import type { Recorder } from "../../stats/recorder.ts";
import { Http2Pool } from "../http2/pool.ts";
import { streamRequest } from "../sse/stream-request.ts";
import { CookieJar } from "./cookies.ts";
import { Exchange, type PhaseTimeouts, type StreamConsumer } from "./exchange.ts";
import { HeaderMemo, MergedHeaders } from "./header-memo.ts";
import { type Origin, splitUrl } from "./origin.ts";
import { ConnectionPool, type PoolOptions, type RequestPool } from "./pool.ts";
import { withoutQuery, withParams } from "./query.ts";
import { redirectOf, withoutBody } from "./redirect.ts";
import { encodeBody } from "./request-head.ts";
import { Http1Response, sentOrStartMs } from "./response.ts";
import type { TransportContext } from "./transport-context.ts";

const DEFAULT_TIMEOUTS: PhaseTimeouts = {
  connectMs: 10_000,
  tlsMs: 10_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  totalMs: 0,
};
const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024;
const NO_OPTIONS: RequestOptions = {};
/** Parsed whole URLs kept per user. */
const URL_CACHE_LIMIT = 1000;

/** What a client needs of the virtual user it belongs to. */
export interface ClientEnvironment {
  readonly nowMs: MonotonicClock;
  readonly epochMs: EpochClock;
  /** null: requests are not counted (set-up and teardown). */
  readonly recorder: Recorder | null;
  /** When the request about to start was due, monotonic ms: at most `nowMs`. */
  takeDueMs(nowMs: number): number;
}

/** Pools by origin; one map per user, or one per worker when connections are shared. */
export type PoolMap = Map<string, RequestPool>;

/** The client. Create it with {@link createHttpClient}. */
export class Http1Client implements HttpClient {
  readonly headers: Record<string, string>;
  readonly #environment: ClientEnvironment;
  readonly #context: TransportContext;
  readonly #pools: PoolMap;
  readonly #ownsPools: boolean;
  readonly #isHttp2: boolean;
  readonly #origin: Origin | null;
  readonly #poolOptions: PoolOptions;
  readonly #timeouts: PhaseTimeouts;
  readonly #maxBodyBytes: number;
  readonly #maxRedirects: number;
  readonly #jar: CookieJar | null;
  readonly #urls = new Map<string, { origin: Origin; path: string }>();
  readonly #headerLines = new HeaderMemo();
  #merged: MergedHeaders | null = null;

  constructor(
    environment: ClientEnvironment,
    context: TransportContext,
    host: string,
    options: HttpOptions,
    sharedPools: PoolMap | null,
  ) {
    this.#environment = environment;
    this.#context = context;
    this.#pools = sharedPools ?? new Map();
    this.#ownsPools = sharedPools === null;
    this.#isHttp2 = options.http2 ?? false;
    this.#origin = host === "" ? null : context.originOf(host);
    this.#poolOptions = {
      maxConnections:
        sharedPools === null
          ? Number.POSITIVE_INFINITY
          : (options.maxConnections ?? Number.POSITIVE_INFINITY),
      requestsPerConnection: options.requestsPerConnection ?? Number.POSITIVE_INFINITY,
      tls: options.tls ?? {},
    };
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.#maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES;
    this.#maxRedirects = options.maxRedirects ?? 0;
    this.#jar = (options.cookies ?? true) ? new CookieJar() : null;
    this.headers = {
      "user-agent": "rampart",
      accept: "*/*",
      ...(options.gzip === true ? { "accept-encoding": "gzip" } : {}),
      ...options.headers,
    };
  }

  get(path: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request("GET", path, options);
  }

  head(path: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request("HEAD", path, options);
  }

  delete(path: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request("DELETE", path, options);
  }

  options(path: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request("OPTIONS", path, options);
  }

  post(path: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request("POST", path, options);
  }

  put(path: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request("PUT", path, options);
  }

  patch(path: string, options?: RequestOptions): Promise<HttpResponse> {
    return this.request("PATCH", path, options);
  }

  /** Sends one request and counts it; see {@link HttpClient}. @throws RMP_LOAD_SCENARIO_INVALID for what cannot be sent */
  request(method: string, path: string, options: RequestOptions = NO_OPTIONS): Promise<HttpResponse> {
    const startMs = this.#environment.nowMs();
    const dueMs = this.#environment.takeDueMs(startMs);
    const name = options.name ?? withoutQuery(path);
    const maxRedirects = options.maxRedirects ?? this.#maxRedirects;
    if (maxRedirects > 0 || options.catchResponse !== undefined)
      return this.#requestInSteps(method, path, options, name, dueMs, startMs, maxRedirects);
    return new Promise((resolve) => {
      this.exchange(method, path, options, startMs, null, (exchange) => {
        const response = new Http1Response(exchange, method, name, dueMs, options.okStatuses);
        this.count(response, exchange, dueMs);
        resolve(response);
      });
    });
  }

  stream(path: string, options: StreamOptions = {}): Promise<StreamResponse> {
    const startMs = this.#environment.nowMs();
    const dueMs = this.#environment.takeDueMs(startMs);
    return streamRequest(
      this,
      this.#environment,
      path,
      options,
      options.name ?? withoutQuery(path),
      dueMs,
      startMs,
    );
  }

  /** Puts one exchange on the wire without counting it. @throws RMP_LOAD_SCENARIO_INVALID */
  exchange(
    method: string,
    path: string,
    options: RequestOptions,
    startMs: number,
    consumer: StreamConsumer | null,
    onDone: (exchange: Exchange) => void,
  ): void {
    const { origin, path: plainPath } = this.#resolve(path);
    const target = options.params === undefined ? plainPath : withParams(plainPath, options.params);
    const lines = this.#lines(options.headers, origin, target);
    const wire = this.#context.wires.get(method, origin, target, lines, encodeBody(options));
    const timeouts =
      options.timeouts === undefined ? this.#timeouts : { ...this.#timeouts, ...options.timeouts };
    this.#pool(origin).submit(
      new Exchange(method, origin, target, wire, timeouts, this.#maxBodyBytes, startMs, consumer, onDone),
    );
  }

  /** Adds a finished request to the statistics. */
  count(response: Http1Response, exchange: Exchange, dueMs: number, method: string = response.method): void {
    if (exchange.head?.hasCookies === true) this.#storeCookies(exchange);
    const { recorder } = this.#environment;
    if (recorder === null) return;
    recorder.request(
      method,
      response.name,
      dueMs,
      sentOrStartMs(exchange),
      exchange.endMs,
      response.bodyBytes,
    );
    const { error } = response;
    if (error !== null) recorder.failure(method, response.name, error.family, error.message, exchange.endMs);
  }

  /** Ends requests under way as failed (with a message) or unseen, and closes the user's own connections. */
  close(unfinishedMessage: string | null): void {
    if (!this.#ownsPools) return;
    for (const pool of this.#pools.values())
      if (unfinishedMessage === null) pool.close();
      else pool.abort(unfinishedMessage);
  }

  async #requestInSteps(
    method: string,
    path: string,
    options: RequestOptions,
    name: string,
    dueMs: number,
    startMs: number,
    maxRedirects: number,
  ): Promise<HttpResponse> {
    let exchange = await this.#once(method, path, options, startMs);
    let url = path;
    let hopMethod = method;
    let hopOptions = options;
    for (let hop = 0; hop < maxRedirects; hop += 1) {
      const next = redirectOf(exchange, hopMethod, url, this.#origin);
      if (next === null) break;
      url = next.url;
      const { sentMs } = exchange;
      if (exchange.head?.hasCookies === true) this.#storeCookies(exchange);
      hopMethod = next.method;
      if (!next.keepsBody) hopOptions = withoutBody(hopOptions);
      exchange = await this.#once(hopMethod, url, hopOptions, this.#environment.nowMs());
      // The sample spans all hops: it began when the first request was sent.
      exchange.sentMs = sentMs;
    }
    const response = new Http1Response(exchange, method, name, dueMs, options.okStatuses);
    try {
      await options.catchResponse?.(response);
    } catch (error) {
      response.failure("catchResponse threw");
      throw error;
    } finally {
      this.count(response, exchange, dueMs);
    }
    return response;
  }

  #once(method: string, path: string, options: RequestOptions, startMs: number): Promise<Exchange> {
    return new Promise((resolve) => this.exchange(method, path, options, startMs, null, resolve));
  }

  #resolve(path: string): { origin: Origin; path: string } {
    if (path.charCodeAt(0) === 47 && this.#origin !== null) return { origin: this.#origin, path };
    if (!/^https?:\/\//.test(path) && this.#origin !== null)
      return { origin: this.#origin, path: `/${path}` };
    const known = this.#urls.get(path);
    if (known !== undefined) return known;
    const split = splitUrl(path);
    if (this.#urls.size >= URL_CACHE_LIMIT) this.#urls.clear();
    this.#urls.set(path, split);
    return split;
  }

  #pool(origin: Origin): RequestPool {
    let pool = this.#pools.get(origin.key);
    if (pool === undefined) {
      pool = this.#isHttp2
        ? new Http2Pool(this.#context, origin, this.#poolOptions.tls)
        : new ConnectionPool(this.#context, origin, this.#poolOptions);
      this.#pools.set(origin.key, pool);
    }
    return pool;
  }

  #lines(own: Readonly<Record<string, string>> | undefined, origin: Origin, path: string): string {
    const cookie =
      this.#jar === null || this.#jar.isEmpty
        ? ""
        : this.#jar.header(origin.authority, path, origin.isTls, this.#environment.epochMs());
    const cookieLine = cookie === "" ? "" : `cookie: ${cookie}\r\n`;
    if (own === undefined) return this.#headerLines.lines(this.headers) + cookieLine;
    const merged = (this.#merged ??= new MergedHeaders());
    return merged.lines(this.headers, own) + (merged.hasCookie ? "" : cookieLine);
  }

  #storeCookies(exchange: Exchange): void {
    if (this.#jar === null || exchange.head === null) return;
    for (const line of exchange.head.text.split("\r\n"))
      if (/^set-cookie:/i.test(line))
        this.#jar.store(
          exchange.origin.authority,
          exchange.target,
          line.slice("set-cookie:".length).trim(),
          this.#environment.epochMs(),
        );
  }
}
