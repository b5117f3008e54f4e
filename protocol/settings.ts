/**
 * What makes a board this unit: written at provisioning as the record `unit`, read at boot.
 * The text is JSON; the device's parser is lenient, so every field is checked here.
 */
import { UnitKind } from './codes.js';
import { MAX_CALL_SIGN_CHARS, MAX_UNIT_ID_CHARS } from './limits.js';

/** Name of the record that holds the settings. */
export const SETTINGS_RECORD = 'unit';

export interface UnitSettings {
  readonly unitId: string;
  readonly callSign: string;
  /** A UnitKind. */
  readonly kind: number;
  /** Broker: an IP address wherever possible, because looking up a name blocks the unit. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly ssid: string;
  readonly wifiPassword: string;
}

const TEXTS = ['unitId', 'callSign', 'host', 'user', 'password', 'ssid', 'wifiPassword'];

/** The settings, or the name of the first field that is missing or wrong. */
export function checkSettings(value: unknown): UnitSettings | string {
  const fields = value as Record<string, unknown>;
  if (!value || typeof value !== 'object') return 'settings';
  for (let i = 0; i < TEXTS.length; i++) {
    const name = TEXTS[i] as string;
    if (typeof fields[name] !== 'string') return name;
  }
  const settings = value as UnitSettings;
  if (!isUnitId(settings.unitId)) return 'unitId';
  const callSignChars = settings.callSign.length;
  if (callSignChars < 1 || callSignChars > MAX_CALL_SIGN_CHARS) return 'callSign';
  if (settings.kind !== UnitKind.vehicle && settings.kind !== UnitKind.station) return 'kind';
  if (!(settings.port >= 1 && settings.port <= 65535)) return 'port';
  return settings;
}

/** 1 to MAX_UNIT_ID_CHARS of A–Z, a–z, 0–9, `-`, `_`: what may stand in a topic (SPEC CR-031). */
export function isUnitId(text: string): boolean {
  if (text.length < 1 || text.length > MAX_UNIT_ID_CHARS) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const digit = code >= 48 && code <= 57;
    const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
    if (!digit && !letter && code !== 45 && code !== 95) return false;
  }
  return true;
}
