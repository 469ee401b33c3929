/** Custom load shapes with Locust's `tick()` contract. */

/** What a shape asks for: users, users started (or stopped) per second, and optionally the classes to spawn. */
export type ShapeTick =
  | readonly [users: number, spawnRatePerSec: number]
  | readonly [users: number, spawnRatePerSec: number, userClasses: readonly string[] | null];

/** What a shape may ask. */
export interface ShapeContext {
  /** Seconds since the shape started. */
  readonly runTimeSec: number;
  readonly currentUsers: number;
}

/** A load shape: asked about once a second; only a changed answer starts a new ramp; null ends the run. */
export interface LoadShape {
  readonly name: string;
  /** Seconds it lasts when that is known; null = it decides as it goes. */
  readonly durationSec: number | null;
  /** Most users it asks for when that is known. */
  readonly peakUsers: number | null;
  tick(context: ShapeContext): ShapeTick | null;
}
