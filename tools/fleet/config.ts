/** The settings that a unit is to have: the protocol's defaults, the fleet's, its AED's, its own. */
import { AedMount } from '../../protocol/codes.js';
import type { Config } from '../../protocol/generated/config.js';
import { AED_MODELS } from './aed-models.js';
import { SETTING_FIELDS, type FleetFile, type FleetUnit } from './schema.js';

export type Settings = Omit<Config, 'version' | 'issuedAt'>;

const DAY_MS = 24 * 3600 * 1000;

/** What comes later in the list goes before what comes earlier. */
export function configOf(file: FleetFile, { aed, place, settings }: FleetUnit): Settings {
  const defaults = Object.fromEntries(SETTING_FIELDS.map((field) => [field.name, field.default]));
  return {
    ...(defaults as unknown as Settings),
    ...file.defaults,
    aedProfile: AED_MODELS[aed.model],
    aedMount: AedMount[aed.mount],
    aedTag: aed.tag,
    padsExpireAt: endOf(aed.padsExpire),
    batteryExpireAt: endOf(aed.batteryExpire),
    ...(place
      ? {
          latitudeE7: Math.round(place.latitude * 1e7),
          longitudeE7: Math.round(place.longitude * 1e7),
        }
      : {}),
    ...settings,
  };
}

/** A day's end in UTC, in milliseconds since 1970: what expires on it can be used that day. */
function endOf(day: string | null): number | null {
  return day === null ? null : Date.parse(day) + DAY_MS;
}
