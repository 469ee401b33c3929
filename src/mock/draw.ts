import { createRandom, type Random } from "#shared";
import type { MockSettings } from "./settings.ts";

/** Sigma of the lognormal distribution (MockConfig.latencyDistribution). */
const LOGNORMAL_SIGMA = 0.5;
/** Most events written before a drawn `cut` or `stall`. */
const MAX_DRAWN_EVENTS = 8;
/** 2^32 divided by the golden ratio, odd: spreads consecutive turns over the generator's states (Knuth, TAOCP 6.4). */
const GOLDEN = 0x9e3779b1;

/** Everything about one answer that chance decides, drawn in a fixed order before anything else happens. */
export interface Draw {
  /** Answer with `errorStatus` (error rate or burst). */
  readonly isError: boolean;
  readonly fault: MockSettings["fault"];
  /** Time to first token or answer, ms. */
  readonly delayMs: number;
  /** Events before a cut or stall, >= 1. */
  readonly faultAfterEvents: number;
  /** For what is drawn while writing (chunk sizes). */
  readonly random: Random;
}

/**
 * Draws for one request. A pure function of settings and turn, so a sequence of requests repeats exactly, whatever
 * else the machine does meanwhile.
 * @param turn number of the request since the seed was set, from 0
 */
export function drawAnswer(settings: MockSettings, turn: number): Draw {
  const random = createRandom((settings.seed ^ Math.imul(turn + 1, GOLDEN)) >>> 0);
  const errorDice = random();
  const faultDice = random();
  const eventDice = random();
  return {
    isError: errorDice < settings.errorRate || isInBurst(settings, turn),
    fault: faultDice < settings.faultRate ? settings.fault : "none",
    faultAfterEvents: settings.faultAfterEvents || 1 + Math.floor(eventDice * MAX_DRAWN_EVENTS),
    delayMs: drawDelayMs(settings, random),
    random,
  };
}

/**
 * A delay with `ttftMs` as centre: constant; uniform on 0.5x-1.5x; exponential with that mean (inverse transform);
 * lognormal with that median (Box-Muller).
 */
export function drawDelayMs(
  settings: Pick<MockSettings, "ttftMs" | "latencyDistribution">,
  random: Random,
): number {
  const { ttftMs } = settings;
  if (ttftMs === 0) return 0;
  switch (settings.latencyDistribution) {
    case "constant":
      return ttftMs;
    case "uniform":
      return ttftMs * (0.5 + random());
    case "exponential":
      return -ttftMs * Math.log(1 - random());
    case "lognormal": {
      const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      return ttftMs * Math.exp(LOGNORMAL_SIGMA * normal);
    }
  }
}

function isInBurst(settings: MockSettings, turn: number): boolean {
  const { errorBurstEvery, errorBurstLength } = settings;
  return errorBurstLength > 0 && turn % errorBurstEvery >= errorBurstEvery - errorBurstLength;
}
