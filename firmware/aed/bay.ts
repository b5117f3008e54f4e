/**
 * The AED's place: a bracket with a switch, or a kit, where a person says that it is there. It
 * keeps what is known of the AED, and reports it.
 */
import { AedMount, AedReason, Presence, Readiness } from '../../protocol/codes.js';
import { REST_MS } from '../time/tasks.js';
import { EXPIRY_REASONS } from './expiry.js';
import { createIndicator, forgetBlinks, type Indicator } from './indicator.js';
import { profileOf, type AedProfile } from './profiles.js';
import { judgeBay } from './readiness.js';
import { createTemperature, forgetDose, type Temperature } from './temperature.js';

/** The state is reported on every change, and this often without one. */
export const BAY_REPORT_MS = 300000;
/** A lamp that blinks and an AED that is away are looked at this often: time alone tells. */
export const LOOK_MS = 1000;
/** What a person said of a kit counts for a shift: 12 h. */
export const HAND_VALID_MS = 43200000;

/** What the control room sets. */
export interface BayConfig {
  /** An AedMount. */
  readonly aedMount: number;
  readonly aedProfile: number;
  /** Milliseconds since 1970; null if nobody keeps the date. */
  readonly padsExpireAt: number | null;
  readonly batteryExpireAt: number | null;
  /** Of the unit's own AED; '' if it has none. */
  readonly aedTag: string;
  readonly awayAfterS: number;
}

export interface Bay {
  config: BayConfig;
  profile: AedProfile;
  readonly indicator: Indicator;
  readonly temperature: Temperature;
  readonly onReport: () => void;
  /** The AED is away, and there is no job: once each time. */
  readonly onAway: () => void;
  presence: number;
  /** Since when, or said when of a kit; null: since the next look. */
  sinceMs: number | null;
  /** Set from outside: a job is open. */
  isJobOpen: boolean;
  /** It was lifted for the job: a hint that it may be in use. */
  takenInJob: boolean;
  isUsed: boolean;
  /** When a person last looked at it; null: not since it is where it is. */
  checkedAtMs: number | null;
  /** '' while none was read. */
  tag: string;
  readiness: number;
  /** Set of AedReason bits. */
  reasons: number;
  /** The oldest of the looks that all this rests on; null while nothing is known. */
  seenAtMs: number | null;
  reportAtMs: number;
}

export function createBay(config: BayConfig, onReport: () => void, onAway: () => void): Bay {
  return {
    config: config,
    profile: profileOf(config.aedProfile),
    indicator: createIndicator(),
    temperature: createTemperature(),
    onReport: onReport,
    onAway: onAway,
    presence: Presence.unknown,
    sinceMs: null,
    isJobOpen: false,
    takenInJob: false,
    isUsed: false,
    checkedAtMs: null,
    tag: '',
    readiness: Readiness.unknown,
    reasons: 0,
    seenAtMs: null,
    reportAtMs: 0,
  };
}

/**
 * New settings. With another mount or model what was seen does not count any more: after this the
 * bracket is to be read again.
 * @rare
 */
export function configureBay(bay: Bay, config: BayConfig): void {
  const before = bay.config;
  bay.config = config;
  bay.reasons &= ~EXPIRY_REASONS;
  if (config.aedMount !== before.aedMount) setPresence(bay, Presence.unknown);
  if (config.aedMount !== before.aedMount || config.aedProfile !== before.aedProfile) {
    bay.profile = profileOf(config.aedProfile);
    bay.checkedAtMs = null;
    bay.indicator.isSensed = false;
    forgetBlinks(bay.indicator, bay.indicator.edgeAtMs);
  }
}

/** @rare */
function setPresence(bay: Bay, presence: number): void {
  if (presence === bay.presence) return;
  bay.presence = presence;
  bay.sinceMs = null;
  bay.reportAtMs = 0;
  if (presence !== Presence.absent) return;
  // What comes back may be another.
  bay.checkedAtMs = null;
  bay.tag = '';
}

/**
 * The switch, debounced: closed while the AED is seated. A cut wire reads as absent.
 * @rare
 */
export function bracketChanged(bay: Bay, closed: boolean): void {
  if (bay.config.aedMount !== AedMount.bracket) return;
  setPresence(bay, closed ? Presence.present : Presence.absent);
}

/**
 * A person says whether the AED is in the kit (Y6).
 * @rare
 */
export function confirmByHand(bay: Bay, present: boolean, nowMs: number): void {
  if (bay.config.aedMount !== AedMount.kit) return;
  setPresence(bay, present ? Presence.present : Presence.absent);
  bay.sinceMs = nowMs;
}

/**
 * A person has looked at the AED: its own lamp says that it is ready, and nothing is damaged.
 * @rare
 */
export function checkedByHand(bay: Bay, nowMs: number): void {
  confirmByHand(bay, true, nowMs);
  bay.checkedAtMs = nowMs;
  forgetDose(bay.temperature);
}

/**
 * What the reader sees; '' or null if none.
 * @rare
 */
export function tagRead(bay: Bay, tag: string | null): void {
  if (tag) bay.tag = tag;
}

/**
 * The crew says that it was used.
 * @rare
 */
export function aedUsed(bay: Bay): void {
  bay.isUsed = true;
  bay.checkedAtMs = null;
}

/**
 * Used pads and battery were replaced.
 * @rare
 */
export function restocked(bay: Bay): void {
  bay.isUsed = false;
  forgetDose(bay.temperature);
}

/**
 * Looks at the AED and reports what is due; gives the milliseconds until the next look.
 * @param utcMs the time of day, null while nobody knows it
 */
export function runBay(bay: Bay, nowMs: number, utcMs: number | null): number {
  if (bay.sinceMs === null) {
    bay.sinceMs = nowMs;
    forgetBlinks(bay.indicator, nowMs);
  }
  const isKit = bay.config.aedMount === AedMount.kit;
  const isOld = isKit && nowMs - bay.sinceMs >= HAND_VALID_MS;
  if (isOld && bay.presence !== Presence.unknown) setPresence(bay, Presence.unknown);
  const reasons = bay.reasons;
  const readiness = bay.readiness;
  judgeBay(bay, ownReasons(bay, nowMs), nowMs, utcMs);
  if (bay.reasons & ~reasons & AedReason.away) bay.onAway();
  if (nowMs >= bay.reportAtMs || reasons !== bay.reasons || readiness !== bay.readiness) {
    bay.reportAtMs = nowMs + BAY_REPORT_MS;
    bay.onReport();
  }
  const isWatched = bay.profile.blinkMs > 0 || bay.presence === Presence.absent;
  return Math.min(bay.reportAtMs - nowMs, isWatched ? LOOK_MS : REST_MS);
}

/** What the bay has to say, without those that look at the AED itself. */
function ownReasons(bay: Bay, nowMs: number): number {
  const config = bay.config;
  const wasAway = (bay.reasons & AedReason.away) !== 0;
  const isOut = bay.presence === Presence.absent && config.aedMount === AedMount.bracket;
  bay.takenInJob = isOut && bay.isJobOpen && !wasAway;
  // Left behind after a job: the time runs from its end.
  if (bay.takenInJob || bay.sinceMs === null) bay.sinceMs = nowMs;
  const isLong = nowMs - bay.sinceMs >= config.awayAfterS * 1000;
  const isOther = bay.tag !== '' && config.aedTag !== '' && bay.tag !== config.aedTag;
  return (
    (bay.isUsed ? AedReason.usedNotRestocked : 0) |
    (isOther ? AedReason.tagMismatch : 0) |
    (isOut && isLong ? AedReason.away : 0)
  );
}

/**
 * What must survive a power cut, as text. What a person said of a kit is not in it: how long ago
 * that was nobody knows afterwards.
 * @rare
 */
export function saveBay(bay: Bay): string {
  const tenths = Math.floor(bay.temperature.doseDegreeHours * 10 + 0.5);
  return (
    (bay.isUsed ? '1,' : '0,') +
    (bay.indicator.isSensed ? '1,' : '0,') +
    tenths +
    ',' +
    (bay.reasons & EXPIRY_REASONS)
  );
}

/** @rare */
export function restoreBay(bay: Bay, text: string): void {
  const parts = text.split(',');
  bay.isUsed = parts[0] === '1';
  bay.indicator.isSensed = parts[1] === '1';
  bay.temperature.doseDegreeHours = (Number(parts[2]) || 0) / 10;
  bay.reasons = (Number(parts[3]) || 0) & EXPIRY_REASONS;
}
