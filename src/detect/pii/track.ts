/** Magnetic stripe data (ISO/IEC 7813), never to be stored after authorisation (PCI DSS requirement 3.3). */
import type { Scan } from "./scan.ts";

/** Track 1, format B, from the sentinel on. */
export const TRACK_1 = /^%B\d{12,19}\^[^^\n]{2,26}\^\d{4}[^?\n]{0,60}\??/;
/** Track 2 from the sentinel on. */
export const TRACK_2 = /^;\d{12,19}=\d{4}[\d=]{3,40}\??/;

/**
 * Looks at the character before the digits that start at `start` (track 2) or before the `B` there (track 1).
 * @returns end of the track, or -1
 */
export function checkTrack(scan: Scan, start: number): number {
  const sentinel = scan.code(start - 1);
  if (sentinel !== 37 && sentinel !== 59) return -1;
  const match = (sentinel === 37 ? TRACK_1 : TRACK_2).exec(scan.text.slice(start - 1, start + 140));
  if (match === null) return -1;
  const end = start - 1 + match[0].length;
  scan.add("CARD_TRACK", start - 1, end, 0.98, "card-track", sentinel === 37 ? "track-1" : "track-2");
  return end;
}
