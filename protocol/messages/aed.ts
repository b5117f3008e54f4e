import type { MessageTable } from '../table.js';
import { Presence, Readiness } from '../codes.js';
import { unitTime } from './common.js';

export const aed: MessageTable = {
  name: 'aed',
  type: 68,
  direction: 'up',
  about: 'Presence and readiness of the AED, as last seen.',
  fields: [
    { name: 'presence', kind: 'u8', names: Presence, about: 'In its bracket or not.' },
    {
      name: 'readiness',
      kind: 'u8',
      names: Readiness,
      about: 'Ready means that no fault was seen; unknown is never ready.',
    },
    { name: 'reasons', kind: 'u16', about: 'Set of AedReason bits.' },
    {
      name: 'seenMsAgo',
      kind: 'u32',
      nullable: true,
      about: 'Milliseconds since this was last seen to be so.',
    },
    {
      name: 'temperatureDeciC',
      kind: 'i32',
      unit: '0.1 °C',
      nullable: true,
      min: -1000,
      max: 1500,
      about: 'Temperature at the AED, 1/10 degree Celsius.',
    },
    ...unitTime,
  ],
};
