import type { Field, MessageTable } from '../table.js';
import { AedMount } from '../codes.js';
import {
  MAX_AED_TAG_CHARS,
  MAX_BROKERS_CHARS,
  MAX_LATITUDE_E7,
  MAX_LONGITUDE_E7,
  MAX_U8,
  MIN_VOLUME_PERCENT,
} from '../limits.js';

function number(
  name: string,
  kind: 'u8' | 'u16',
  unit: string,
  [min, max]: readonly [number, number],
  value: number,
  about: string,
): Field {
  return { name, kind, unit, min, max, default: value, about };
}

function expiry(name: string, about: string): Field {
  return { name, kind: 'time', nullable: true, default: null, about };
}

function degrees(name: string, max: number, about: string): Field {
  return { name, kind: 'i32', nullable: true, min: -max, max, default: null, about };
}

function text(name: string, max: number, about: string): Field {
  return { name, kind: 'text', max, default: '', about };
}

/** Every setting with its unit, range and default: what a unit has that was never told any. */
export const config: MessageTable = {
  name: 'config',
  type: 37,
  direction: 'down',
  about: 'How the unit is to work: all of its settings, which replace those before.',
  fields: [
    {
      name: 'version',
      kind: 'u32',
      min: 1,
      about: "Greater with every change of this unit's settings.",
    },
    { name: 'issuedAt', kind: 'time', about: 'When the control room sent it.' },
    number(
      'parkedPeriodS',
      'u16',
      's',
      [10, 600],
      60,
      'Greatest time between two positions while it is parked.',
    ),
    number('patrolPeriodS', 'u16', 's', [2, 120], 10, 'The same while it moves.'),
    number('enRoutePeriodS', 'u16', 's', [1, 60], 5, 'The same on the way to a job.'),
    number(
      'reportDistanceM',
      'u16',
      'm',
      [20, 5000],
      200,
      'So far from its last position it reports the next.',
    ),
    number(
      'turnDeg',
      'u8',
      '°',
      [10, 180],
      45,
      'Turned so far since its last position it reports the next.',
    ),
    number(
      'volumePercent',
      'u8',
      '%',
      [MIN_VOLUME_PERCENT, 100],
      100,
      'Loudness of the alarm. It cannot be turned off.',
    ),
    number(
      'louderAfterS',
      'u8',
      's',
      [5, 60],
      20,
      'A dispatch that is untouched for so long sounds louder.',
    ),
    number(
      'unansweredAfterS',
      'u8',
      's',
      [10, 120],
      40,
      'One that is untouched for so long is `unanswered`.',
    ),
    number(
      'awayAfterS',
      'u16',
      's',
      [30, 600],
      60,
      'An AED that is out of its bracket for so long, without a job, is `away`.',
    ),
    number(
      'lockSpeedKmH',
      'u8',
      'km/h',
      [5, 20],
      8,
      'From this speed on, what would distract a driver is locked.',
    ),
    {
      name: 'aedMount',
      kind: 'u8',
      names: AedMount,
      max: AedMount.kit,
      default: AedMount.bracket,
      about: 'Where the AED is carried.',
    },
    {
      name: 'aedProfile',
      kind: 'u8',
      max: MAX_U8,
      default: 0,
      about: 'Model of the AED, as the fleet numbers them; 0: not known.',
    },
    expiry('padsExpireAt', "When the AED's pads expire."),
    expiry('batteryExpireAt', "When the AED's battery expires."),
    degrees('latitudeE7', MAX_LATITUDE_E7, 'Latitude of a station (L1), 1e-7 degree, WGS 84.'),
    degrees('longitudeE7', MAX_LONGITUDE_E7, 'Longitude of a station (L1), 1e-7 degree, WGS 84.'),
    text('aedTag', MAX_AED_TAG_CHARS, "Tag of the unit's own AED; empty: none is expected."),
    text('brokers', MAX_BROKERS_CHARS, 'Brokers to try (CR-155); empty: as provisioned.'),
  ],
};
