/** Lengths of the windows, milliseconds. */
export interface Windows {
  readonly minuteMs: number;
  readonly hourMs: number;
}

/** What `PerMinute` and `PerHour` mean. */
export const WINDOWS: Windows = { minuteMs: 60_000, hourMs: 3_600_000 };

/**
 * Parts that a minute is cut into to count tokens: each is counted until its youngest token is a minute old, so no minute
 * holds more than the limit and a token is given back at most a 240th of a minute (250 ms) late.
 */
export const TOKEN_SLOTS = 240;
