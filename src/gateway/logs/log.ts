import type { LogsConfig } from "#contract";
import type { EpochClock, MonotonicClock } from "#shared";
import type { Exchange, ExchangeSink } from "../exchange.ts";
import type { MetricFamily, MetricsSource } from "../metrics/family.ts";
import { LogDestination } from "./destination.ts";
import { type LogLevel, levelOf, requestFields } from "./request-line.ts";

/** Names and numbers of a line; never content or keys. */
export type LogFields = Readonly<Record<string, unknown>>;

/** The log of one process. */
export interface Log extends MetricsSource {
  /** Null when no request gets a line: then there is nothing to call. */
  readonly sink: ExchangeSink | null;
  write(level: LogLevel, message: string, fields?: LogFields): void;
  /** Opens the destination. @throws RMP_CONFIG_INVALID when it cannot be written */
  open(): Promise<void>;
  /** Begins the file anew after it was moved away; nothing to do for `stderr`. */
  reopen(): void;
  /** Writes what waits; never rejects. */
  close(): Promise<void>;
}

/** What a log needs to know. */
export interface LogOptions {
  readonly config: LogsConfig;
  readonly clock: MonotonicClock;
  readonly epoch: EpochClock;
}

/** Makes the log of a process; one that is off costs nothing. */
export function createLog({ config, clock, epoch }: LogOptions): Log {
  const { to, level, requests } = config;
  if (to === undefined || level === "off") return SILENT;
  const destination = new LogDestination({ to, level, bufferBytes: config.bufferBytes, epoch });
  const sink = (exchange: Exchange): void => {
    if (requests === "errors" && exchange.status < 400 && exchange.failure === null) return;
    const weight = exchange.failure === null ? levelOf(exchange.status) : levelOf(exchange.failure.status);
    destination.write(weight, "request", requestFields(exchange, clock() - exchange.startedMs));
  };
  return {
    sink: requests === "none" ? null : sink,
    write: (weight, message, fields = {}) => destination.write(weight, message, fields),
    open: () => destination.open(),
    reopen: () => destination.reopen(),
    close: () => destination.close(),
    families: (): readonly MetricFamily[] => destination.families(),
  };
}

const SILENT: Log = {
  sink: null,
  write: () => undefined,
  open: () => Promise.resolve(),
  reopen: () => undefined,
  close: () => Promise.resolve(),
  families: () => [],
};
