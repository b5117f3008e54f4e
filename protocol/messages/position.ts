import type { MessageTable } from '../table.js';
import { Fix, PositionReason } from '../codes.js';
import { MAX_LATITUDE_E7, MAX_LONGITUDE_E7 } from '../limits.js';
import { unitTime } from './common.js';

export const position: MessageTable = {
  name: 'position',
  type: 69,
  direction: 'up',
  about:
    'Where the unit is, or that it does not know. Without a fix, all that a fix gives is null.',
  fields: [
    { name: 'fix', kind: 'u8', names: Fix, about: 'Kind of fix; `none` is the loss of it.' },
    { name: 'reason', kind: 'u8', min: 1, names: PositionReason, about: 'Why it is sent now.' },
    {
      name: 'latitudeE7',
      kind: 'i32',
      nullable: true,
      min: -MAX_LATITUDE_E7,
      max: MAX_LATITUDE_E7,
      about: '1e-7 degree, WGS 84.',
    },
    {
      name: 'longitudeE7',
      kind: 'i32',
      nullable: true,
      min: -MAX_LONGITUDE_E7,
      max: MAX_LONGITUDE_E7,
      about: '1e-7 degree, WGS 84.',
    },
    {
      name: 'speedCmPerS',
      kind: 'u16',
      nullable: true,
      about: 'Speed over ground, cm/s.',
    },
    {
      name: 'courseCentiDeg',
      kind: 'u16',
      nullable: true,
      max: 36000,
      about: 'Course over ground, 1/100 degree from true north.',
    },
    {
      name: 'altitudeDm',
      kind: 'i32',
      nullable: true,
      min: -100000,
      max: 1000000,
      about: 'Height above mean sea level, 1/10 m.',
    },
    { name: 'satellites', kind: 'u8', nullable: true, about: 'Satellites in use.' },
    {
      name: 'hdopCenti',
      kind: 'u16',
      nullable: true,
      about: 'Horizontal dilution of precision, 1/100.',
    },
    {
      name: 'fixAgeMs',
      kind: 'u32',
      nullable: true,
      about: 'Age of the fix; without one, of the last fix there was. Null if there was none.',
    },
    ...unitTime,
  ],
};
