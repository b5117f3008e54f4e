/**
 * Alarm patterns as data. The shape is borrowed from medical alarms (pulses of a low fundamental
 * in groups of three and two, given twice); conformity with any standard is not claimed.
 */
export interface Pattern {
  readonly frequencyHz: number;
  /** Milliseconds of tone, silence, tone, silence …; then it starts again. */
  readonly stepsMs: readonly number[];
  /** Half a period of the lamp's flashing: 250 is 2 Hz, below the 2.8 Hz of strobes. */
  readonly flashMs: number;
}

/** Two bursts of 3 + 2 pulses, and again 10 s after the start of the first. */
export const DISPATCH_PATTERN: Pattern = {
  frequencyHz: 880,
  stepsMs: [
    150, 100, 150, 100, 150, 350, 150, 100, 150, 800, 150, 100, 150, 100, 150, 350, 150, 100, 150,
    6400,
  ],
  flashMs: 250,
};
