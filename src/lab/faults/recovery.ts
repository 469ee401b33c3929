import type { FaultRecord, RunResult } from "#contract";
import { firstNormalSecond, normalLimits } from "../verdict/normal.ts";

/** Seconds before a fault that say what is normal: long enough for a median, short enough to be of this load. */
const BASELINE_SEC = 30;

/**
 * What a fault did to the run: normal is the median second of the {@link BASELINE_SEC} before it (spikes of the load use
 * the same rule); recovered is the first of three normal seconds in a row after its end.
 * @param fault seconds since the start of the run
 */
export function measureFault(
  result: RunResult,
  fault: { readonly fromSec: number; readonly toSec: number },
): Pick<FaultRecord, "fromSec" | "toSec" | "recoverySec" | "requestsLost"> {
  const { series } = result;
  const beginSec = Math.floor(fault.fromSec);
  // The second in which the fault ended still holds some of it.
  const endSec = Math.ceil(fault.toSec);
  const before = series.filter((point) => point.tSec < beginSec && point.tSec >= beginSec - BASELINE_SEC);
  const limits = normalLimits(before);
  const after = series.filter((point) => point.tSec >= endSec);
  const back = limits === null ? null : firstNormalSecond(after, limits);
  const recoveredSec = back === null ? Number.POSITIVE_INFINITY : endSec + back;
  const lost = series.filter((point) => point.tSec >= beginSec && point.tSec < recoveredSec);
  return {
    ...fault,
    recoverySec: back === null ? null : Math.max(0, recoveredSec - fault.toSec),
    requestsLost: lost.reduce((sum, point) => sum + point.failures, 0),
  };
}
