/**
 * What a display shows, if there is one: four lines of 16 characters. While the vehicle moves there
 * is nothing to read but at most three short words. It says what to do and what is known, and never
 * anything about the ambulance (L8).
 */
import { Presence, Readiness } from '../../protocol/codes.js';
import { isLocked, type Crew } from './crew.js';
import { Stage } from './menu.js';

export const LINES = 4;
export const LINE_CHARS = 16;

export const LinkState = {
  none: 0,
  /** There is a broker, and no control room that works. */
  controlAway: 1,
  onDuty: 2,
} as const;

/** What is shown beside what the crew chose. Texts are plain text (SPEC CR-015). */
export interface Facts {
  /** At most LINE_CHARS. */
  readonly callSign: string;
  /** A LinkState. */
  readonly link: number;
  /** A Presence, and a Readiness, of the AED. */
  readonly presence: number;
  readonly readiness: number;
  /** Of the job that the buttons are for; '' if unknown. */
  readonly address: string;
  /** From here to there; null while either is unknown. */
  readonly distanceM: number | null;
  readonly bearingDeg: number | null;
  /** Since that job came; null if unknown. */
  readonly ageS: number | null;
}

/** @rare */
export function lines(crew: Crew, facts: Facts): string[] {
  const stage = crew.stage;
  if (stage === Stage.idle) {
    if (isLocked(crew)) return [];
    const link = wordOf('NO LINK,CONTROL AWAY,LINK OK', facts.link);
    return [facts.callSign, link, aedWords(facts), choiceWords(crew)];
  }
  let where = whereWords(facts.distanceM, facts.bearingDeg);
  if (isLocked(crew)) return [stage < 0 ? 'JOB ' + where : where];
  if (facts.ageS !== null) where += ageWords(facts.ageS);
  const address = facts.address;
  const at = breakAt(address);
  const rest = restWords(address, at);
  return [address.substr(0, at), rest, where.substr(0, LINE_CHARS), choiceWords(crew)];
}

/**
 * One of these words.
 * @rare
 */
function wordOf(words: string, code: number): string {
  return words.split(',')[code] || String(code);
}

/**
 * What holding Accept would say, with a question mark: it is not said. The status that was told has
 * none. How many other jobs there are comes after it.
 * @rare
 */
function choiceWords(crew: Crew): string {
  const others = crew.otherJobs.length;
  const more = others > 0 ? ' +' + others : '';
  let text = 'ACCEPT?' + more;
  if (crew.stage >= 0 && crew.declinedJob !== 0) {
    text = wordOf('NO REASON,,OTHER EMERGENCY,AED NOT READY,TOO FAR,OTHER', crew.reason) + '?';
  } else if (crew.stage === Stage.idle) {
    text = wordOf(',AVAILABLE,UNAVAILABLE,OTHER DUTY', crew.option);
    if (crew.option !== crew.status) text += '?';
  } else if (crew.stage > 0) {
    const words =
      ',,,EN ROUTE,ON SCENE,WAS ON SCENE,AED TAKEN,AED USED,HANDED OVER,NOT ARREST,CLEAR';
    text = wordOf(words, crew.option) + '?' + more;
  }
  return text.substr(0, LINE_CHARS);
}

/**
 * Nobody can say that it will work: only that it is here, and that no fault was seen.
 * @rare
 */
function aedWords(facts: Facts): string {
  if (facts.presence === Presence.absent) return 'AED OUT';
  if (facts.presence !== Presence.present) return 'AED UNKNOWN';
  if (facts.readiness === Readiness.ready) return 'AED NO FAULT';
  if (facts.readiness === Readiness.fault) return 'AED FAULT';
  return facts.readiness === Readiness.attention ? 'AED LOOK AT IT' : 'AED NOT CHECKED';
}

/**
 * Two short words: how far, and in which direction.
 * @rare
 */
function whereWords(distanceM: number | null, bearingDeg: number | null): string {
  if (distanceM === null) return '? m';
  const isFar = distanceM >= 1000;
  const distance = isFar ? Math.floor(distanceM / 100) / 10 + 'km' : Math.floor(distanceM) + 'm';
  if (bearingDeg === null) return distance;
  const eighth = Math.floor((bearingDeg + 22.5) / 45) % 8;
  return distance + ' ' + wordOf('N,NE,E,SE,S,SW,W,NW', eighth);
}

/** @rare */
function ageWords(ageS: number): string {
  return ageS < 100 ? ' ' + Math.floor(ageS) + 's' : ' ' + Math.floor(ageS / 60) + 'min';
}

/**
 * Where a text is divided: at the last space that leaves the first line no longer than it may be.
 * @rare
 */
function breakAt(text: string): number {
  if (text.length <= LINE_CHARS) return text.length;
  const at = text.lastIndexOf(' ', LINE_CHARS);
  return at > 0 ? at : LINE_CHARS;
}

/**
 * The second line; a `+` at its end says that there is more.
 * @rare
 */
function restWords(text: string, at: number): string {
  const rest = text.substr(text.charAt(at) === ' ' ? at + 1 : at);
  return rest.length > LINE_CHARS ? rest.substr(0, LINE_CHARS - 1) + '+' : rest;
}
