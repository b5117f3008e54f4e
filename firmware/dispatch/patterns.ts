/**
 * Alarm patterns as data. The shapes are borrowed from medical alarms (pulses of a low fundamental;
 * three and two of them, given twice, for what is most urgent); conformity with any standard is not
 * claimed.
 *
 * A pattern is a text of steps, two characters each: a tone, then how long. A letter is a tone of
 * 40 Hz for `A`, 80 for `B` … 1000 for `Y`; a length of `1` is 50 ms, `2` is 100 … `k` is 2950.
 * `-` is a silence of that length, `=` one of ten times that length.
 */

/** By rank: what plays gives way to those after it, and feedback to any. */
export const Pattern = {
  none: 0,
  /** Feedback for the crew: on its way to the control room. */
  sent: 1,
  /** The control room has it. */
  taken: 2,
  /** Not now. */
  refused: 3,
  /** The job goes on by a step. */
  step: 4,
  /** The unit proposes a step, and the crew may confirm it. */
  suggested: 5,
  locate: 6,
  linkLost: 7,
  aedFault: 8,
  /** A dispatch that was open is withdrawn. */
  cancel: 9,
  /** A dispatch that was seen is still not answered. */
  tick: 10,
  dispatch: 11,
} as const;

/** What the dispatch begins with, and no other pattern. */
export const DISPATCH_HZ = 880;
export const DISPATCH_PULSE_MS = 150;
/** Two bursts of 3 + 2 pulses, and again 10 s after the start of the first. */
export const DISPATCH_STEPS = 'V3-2V3-2V3-7V3-2V3-@V3-2V3-2V3-7V3-2V3-8=<';

/** Louder: a burst every 2 s, without the long silence. (Whole seconds, so that the lamp keeps its beat.) */
export const LOUDER_STEPS = 'V3-2V3-2V3-7V3-2V3-<';

/** Half a period of the red lamp's flashing: 250 is 2 Hz, below the 2.8 Hz of strobes. */
export const FLASH_MS = 250;

/**
 * The steps of every other pattern.
 * @rare
 */
export function stepsOf(code: number): string {
  const all = 'Y1 P1Y2 E3-1E3 U1-1U1 M2-1R2 O1R1U1-9 H8 Q4-4Q4-4Q4 T4O4J6 =k-9K1';
  return all.split(' ')[code - 1] as string;
}
