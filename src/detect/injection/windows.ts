/** Folded units per window of the attack head. */
export const WINDOW_UNITS = 256;
/** Folded units from one window to the next. */
export const WINDOW_STRIDE = 64;
