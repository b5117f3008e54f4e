/**
 * What makes a board this unit: written at provisioning as the record `unit`, read at boot.
 * The text is JSON, and the device's parser is lenient: who writes it checks every field here.
 */
import { isPlainText } from './bytes.js';
import { UnitKind } from './codes.js';
import {
  MAX_CALL_SIGN_CHARS,
  MAX_FIX_PERIOD_S,
  MAX_SETTING_CHARS,
  MAX_UNIT_ID_CHARS,
} from './limits.js';
import { within } from './wire.js';

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
  /** The broker is called by TLS. Only for boards with the memory for it; nothing is trusted more. */
  readonly tls?: boolean;
  /** A reader of the AED's tag is fitted. */
  readonly tagReader?: boolean;
  /** The longest that its GPS receiver takes from fix to fix, 1 to MAX_FIX_PERIOD_S; 1 if not said. */
  readonly fixPeriodS?: number;
}

const TEXTS = ['unitId', 'callSign', 'host', 'user', 'password', 'ssid', 'wifiPassword'];
const SWITCHES = ['tls', 'tagReader'];
/** A broker may ask for no login, and a network for no password. */
const MAY_BE_EMPTY = ['user', 'password', 'wifiPassword'];

/**
 * The settings, or the name of the first field that is missing or wrong (SPEC CR-066). For who
 * writes them to a unit: what the unit reads has passed this, and a checksum since.
 */
export function checkSettings(value: unknown): UnitSettings | string {
  if (!value || typeof value !== 'object') return 'settings';
  const fields = value as Record<string, unknown>;
  for (let i = 0; i < TEXTS.length; i++) {
    const name = TEXTS[i] as string;
    const text = fields[name];
    if (typeof text !== 'string' || text.length > MAX_SETTING_CHARS) return name;
    if (text === '' && MAY_BE_EMPTY.indexOf(name) < 0) return name;
  }
  const settings = value as UnitSettings;
  if (!isUnitId(settings.unitId)) return 'unitId';
  if (!isCallSign(settings.callSign)) return 'callSign';
  if (settings.kind !== UnitKind.vehicle && settings.kind !== UnitKind.station) return 'kind';
  if (typeof settings.port !== 'number' || !within(settings.port, 1, 65535)) return 'port';
  const fixPeriodS = fields['fixPeriodS'];
  const isPeriod = typeof fixPeriodS === 'number' && within(fixPeriodS, 1, MAX_FIX_PERIOD_S);
  if (fixPeriodS !== undefined && !isPeriod) return 'fixPeriodS';
  for (let i = 0; i < SWITCHES.length; i++) {
    const name = SWITCHES[i] as string;
    if (fields[name] !== undefined && typeof fields[name] !== 'boolean') return name;
  }
  return settings;
}

/** What a birth can carry: with anything else the unit could never announce itself. */
function isCallSign(text: string): boolean {
  return text.length <= MAX_CALL_SIGN_CHARS && isPlainText(text);
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
