import { closeSync, openSync } from "node:fs";
import type { DestinationStream, Logger } from "pino";
import { type EpochClock, RampartError } from "#shared";
import type { MetricFamily } from "../metrics/family.ts";
import type { LogLevel } from "./request-line.ts";

/** Longest time a line waits in memory, ms. */
const FLUSH_MS = 100;
/** Bytes beyond which lines are written at once. */
const FLUSH_BYTES = 2_048;
/**
 * Longest single write, bytes: whole lines below the size up to which writes to a pipe never mix with those of another
 * process. Source: PIPE_BUF on Linux, pipe(7).
 */
const WRITE_BYTES = 4_096;
const STDERR = 2;

/** Where lines go. */
export interface DestinationOptions {
  /** `stderr` or a path. */
  readonly to: string;
  readonly level: LogLevel;
  readonly bufferBytes: number;
  readonly epoch: EpochClock;
}

type Stream = Awaited<ReturnType<typeof createStream>>;

/** Writes lines in the background: whoever logs never waits, and what a slow destination cannot take is dropped and counted. */
export class LogDestination {
  private readonly options: DestinationOptions;
  private logger: Logger | null = null;
  private stream: Stream | null = null;
  private written = 0;
  private dropped = 0;
  private failures = 0;

  constructor(options: DestinationOptions) {
    this.options = options;
  }

  /** @throws RMP_CONFIG_INVALID when the destination cannot be opened */
  async open(): Promise<void> {
    const { level, epoch } = this.options;
    // pino is loaded only where something is logged.
    const { default: pino } = await import("pino");
    const stream = await createStream(this.options, pino.destination, () => {
      this.failures += 1;
    });
    stream.on("drop", () => {
      this.dropped += 1;
      this.written -= 1;
    });
    this.stream = stream;
    this.logger = pino(
      {
        level,
        base: { pid: process.pid },
        timestamp: () => `,"time":"${new Date(epoch()).toISOString()}"`,
        formatters: { level: (label) => ({ level: label }) },
      },
      // pino writes to whatever has a write method.
      stream as DestinationStream,
    );
  }

  write(level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>): void {
    const { logger } = this;
    if (logger === null || !logger.isLevelEnabled(level)) return;
    this.written += 1;
    logger[level](fields, message);
  }

  reopen(): void {
    if (this.options.to !== "stderr") this.stream?.reopen();
  }

  close(): Promise<void> {
    const { stream } = this;
    this.logger = null;
    this.stream = null;
    if (stream === null) return Promise.resolve();
    try {
      stream.flushSync();
    } catch {
      // A destination that is full or gone takes nothing more; nobody is left to be told.
      this.failures += 1;
    }
    // The standard error stream belongs to the process.
    if (this.options.to !== "stderr") stream.end();
    return Promise.resolve();
  }

  families(): readonly MetricFamily[] {
    return [
      {
        name: "rampart_log_lines_total",
        type: "counter",
        help: "Lines of the log, by what became of them.",
        samples: [
          { value: this.written, labels: { result: "written" } },
          { value: this.dropped, labels: { result: "dropped" } },
        ],
      },
      {
        name: "rampart_log_write_failures_total",
        type: "counter",
        help: "Writes of the log that failed.",
        samples: [{ value: this.failures }],
      },
    ];
  }
}

type PinoDestination = typeof import("pino").default.destination;

/** @throws RMP_CONFIG_INVALID */
async function createStream(
  { to, bufferBytes }: DestinationOptions,
  destination: PinoDestination,
  onFailure: () => void,
): Promise<ReturnType<PinoDestination>> {
  if (to !== "stderr") tryToOpen(to);
  const stream = destination({
    dest: to === "stderr" ? STDERR : to,
    sync: false,
    append: true,
    minLength: FLUSH_BYTES,
    maxLength: bufferBytes,
    maxWrite: WRITE_BYTES,
    periodicFlush: FLUSH_MS,
  });
  // Without a listener a full disk would end the process.
  stream.on("error", onFailure);
  await new Promise<void>((resolve) => stream.once("ready", resolve));
  return stream;
}

/**
 * Whether the stream will be able to: its timers outlive a file that could not be opened, and end the process.
 * @throws RMP_CONFIG_INVALID
 */
function tryToOpen(path: string): void {
  try {
    closeSync(openSync(path, "a"));
  } catch (cause) {
    throw new RampartError("RMP_CONFIG_INVALID", "logs.to: the file cannot be written", {
      cause,
      field: "logs.to",
    });
  }
}
