/** Ids, error catalogue, units, clock and randomness. Imports nothing of the project. */
export { backoffMs } from "./backoff.ts";
export {
  type ContentCoding,
  compressBytes,
  createCompressor,
  MIN_COMPRESSED_BYTES,
  negotiateCoding,
} from "./content-coding.ts";
export { ERRORS, type ErrorCode, type ErrorEntry, EXIT, RampartError, toRampartError } from "./errors.ts";
export { PLACEHOLDER_NAMES, placeholderName } from "./placeholder-names.ts";
export {
  createRandom,
  type EpochClock,
  environment,
  epochMs,
  type MonotonicClock,
  monotonicMs,
  type Random,
  randomHex,
  systemRandom,
} from "./system.ts";
export { formatBytes, formatTimeSpan, parseTimeSpanSec } from "./units.ts";
