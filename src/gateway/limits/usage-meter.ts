import { parseEvent, SseFramer } from "../stream/sse-framer.ts";
import type { StreamPipe } from "../stream/stream-pipe.ts";
import { tokensOfBytes } from "./token-estimate.ts";
import { usageOf, writtenBytes } from "./usage.ts";

/** Counts the tokens of a stream on its way: the provider's `usage` where it tells one, else an estimate by the text. */
export class UsageMeter implements StreamPipe {
  private readonly inner: StreamPipe;
  private readonly framer: SseFramer;
  private input: number | null = null;
  private output = 0;
  /** Text since the provider last told its usage. */
  private bytes = 0;

  /** @param inner what the stream goes through */
  constructor(inner: StreamPipe, maxEventBytes: number) {
    this.inner = inner;
    this.framer = new SseFramer(maxEventBytes);
  }

  /** Tokens so far. @param inputEstimate of the request, where the provider does not tell */
  tokens(inputEstimate: number): number {
    return (this.input ?? inputEstimate) + this.output + (this.bytes === 0 ? 0 : tokensOfBytes(this.bytes));
  }

  push(chunk: Buffer): Buffer {
    for (const event of this.framer.push(chunk)) this.read(event);
    return this.inner.push(chunk);
  }

  end(isBroken: boolean): Buffer {
    return this.inner.end(isBroken);
  }

  private read(raw: Buffer): void {
    const { data } = parseEvent(raw);
    if (data === null || !data.startsWith("{")) return;
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      return;
    }
    const usage = usageOf(value);
    if (usage === null) {
      this.bytes += writtenBytes(value);
      return;
    }
    // Anthropic tells the input at the start and the output at the end; each number is a total and replaces the one before.
    this.input = usage.input ?? this.input;
    if (usage.output === null) return;
    this.output = usage.output;
    this.bytes = 0;
  }
}
