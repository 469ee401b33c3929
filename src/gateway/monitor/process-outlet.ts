import type { PeerOutlet } from "./peers.ts";
import type { SharedEvent } from "./shared-event.ts";

/** The way to the other processes of this gateway, over their primary. */
export interface ProcessPeers {
  /** Names this gateway among others that share a Redis; the same in all its processes. */
  readonly instance: string;
  /** Whether somebody watches at another process. */
  readonly isWatched: boolean;
  tellEvents(events: readonly SharedEvent[]): void;
  tellWatching(isWatching: boolean): void;
  /** Called with what happened at other processes. */
  onEvents: (events: readonly SharedEvent[]) => void;
}

/** Makes the outlet to the other processes. @param hear takes what happened there */
export function createProcessOutlet(
  peers: ProcessPeers,
  hear: (events: readonly SharedEvent[]) => void,
): PeerOutlet {
  peers.onEvents = hear;
  return {
    isWanted: () => peers.isWatched,
    send: (events) => peers.tellEvents(events),
    setWatching: (isWatching) => peers.tellWatching(isWatching),
    close: () => peers.tellWatching(false),
  };
}
