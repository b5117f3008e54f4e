/** Fields that several messages share. */
import type { Field } from '../table.js';
import { ClockQuality } from '../codes.js';

export const dispatchId: Field = {
  name: 'dispatchId',
  kind: 'u32',
  min: 1,
  about: 'The dispatch, numbered by the control room and never used again.',
};

/** Closing fields of every message from a unit that is running. */
export const unitTime: readonly Field[] = [
  {
    name: 'at',
    kind: 'time',
    nullable: true,
    about: "When the unit made this message, by the unit's own clock.",
  },
  {
    name: 'clock',
    kind: 'u8',
    names: ClockQuality,
    about: "Where the unit's time comes from.",
  },
];

export const elapsedMs: Field = {
  name: 'elapsedMs',
  kind: 'u32',
  about:
    'Milliseconds from the arrival of the dispatch at the unit to this step, by a clock that never jumps.',
};
