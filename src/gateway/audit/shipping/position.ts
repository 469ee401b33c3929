import { GENESIS } from "../record.ts";

/** How far a log was copied. */
export interface ShipPosition {
  /** Place in the chain of the last record that was copied; 0 before the first. */
  readonly seq: number;
  /** Hash of that record. */
  readonly hash: string;
  /** Number of the file in its log. */
  readonly file: number;
  /** Bytes of that file that were copied. */
  readonly bytes: number;
}

/** Before the first record. */
export const SHIP_START: ShipPosition = { seq: 0, hash: GENESIS, file: 0, bytes: 0 };
