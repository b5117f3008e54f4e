/** Fields that several messages share. */
import type { Field } from '../table.js';
import { ClockQuality } from '../codes.js';
import { MAX_LATITUDE_E7, MAX_LONGITUDE_E7 } from '../limits.js';

export const dispatchId: Field = {
  name: 'dispatchId',
  kind: 'u32',
  min: 1,
  about: 'The dispatch, numbered by the control room and never used again.',
};

export const incidentPosition: readonly Field[] = [
  {
    name: 'latitudeE7',
    kind: 'i32',
    nullable: true,
    min: -MAX_LATITUDE_E7,
    max: MAX_LATITUDE_E7,
    about: 'Latitude of the incident, 1e-7 degree, WGS 84.',
  },
  {
    name: 'longitudeE7',
    kind: 'i32',
    nullable: true,
    min: -MAX_LONGITUDE_E7,
    max: MAX_LONGITUDE_E7,
    about: 'Longitude of the incident, 1e-7 degree, WGS 84.',
  },
];

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
