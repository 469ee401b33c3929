import type { MonotonicClock } from "#shared";
import type { RedisLink } from "../stores/redis-link.ts";
import type { PeerOutlet } from "./peers.ts";
import { fromMessage, type SharedEvent, toMessage } from "./shared-event.ts";

const CHANNEL = "monitor";
/** While nobody listens, one message in this time finds out whether somebody does again, ms. */
const PROBE_MS = 1_000;

/** What the outlet needs. */
export interface InstanceOutletOptions {
  readonly redis: Pick<RedisLink, "publish" | "subscribe" | "isUsable">;
  /** Name of this gateway: its own messages are passed over, its processes hear each other over their primary. */
  readonly instance: string;
  readonly clock: MonotonicClock;
  /** Takes what happened at other instances. */
  readonly hear: (events: readonly SharedEvent[]) => void;
}

/**
 * Makes the outlet to other instances over Redis. It listens only while somebody watches here; it sends while somebody
 * listens, which the answer to each message tells. Without Redis every instance shows what happens at itself.
 */
export function createInstanceOutlet({ redis, instance, clock, hear }: InstanceOutletOptions): PeerOutlet {
  let unsubscribe: (() => void) | null = null;
  let isHeard = false;
  let nextProbeMs = Number.NEGATIVE_INFINITY;

  function listen(text: string): void {
    const message = fromMessage(text);
    if (message !== null && message.from !== instance) hear(message.events);
  }

  function stop(): void {
    unsubscribe?.();
    unsubscribe = null;
  }

  return {
    isWanted: () => redis.isUsable && (isHeard || clock() >= nextProbeMs),
    send(events) {
      nextProbeMs = clock() + PROBE_MS;
      redis.publish(CHANNEL, toMessage(instance, events)).then(
        (receivers) => {
          isHeard = Number(receivers) > 0;
        },
        () => {
          // Redis is away: its state is shown, and the next probe comes.
          isHeard = false;
        },
      );
    },
    setWatching(isWatching) {
      stop();
      if (isWatching) unsubscribe = redis.subscribe(CHANNEL, listen);
    },
    close: stop,
  };
}
