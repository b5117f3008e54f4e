/** Makes NMEA sentences for tests, and reads one as the receiver does. */
import {
  Verdict,
  openSentence,
  readGga,
  readRmc,
  type Reading,
} from '../../firmware/position/nmea.js';
import { hostBytes } from '../../protocol/bytes.js';

const PARTS = {
  talker: 'GP',
  time: '123519.00',
  latitude: '5130.1234',
  northSouth: 'N',
  longitude: '00007.4321',
  eastWest: 'W',
  status: 'A',
  knots: '22.4',
  course: '84.4',
  date: '230324',
  mode: 'A',
  quality: '1',
  satellites: '08',
  hdop: '0.9',
  altitude: '45.4',
};

export type Parts = Partial<typeof PARTS>;

/** With `$`, checksum and line end. */
export function sentence(body: string): string {
  return `$${body}*${checksum(body)}\r\n`;
}

export function checksum(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i);
  return sum.toString(16).toUpperCase().padStart(2, '0');
}

export function rmcBody(parts: Parts = {}): string {
  const p = { ...PARTS, ...parts };
  const position = [p.latitude, p.northSouth, p.longitude, p.eastWest];
  return [
    p.talker + 'RMC',
    p.time,
    p.status,
    ...position,
    p.knots,
    p.course,
    p.date,
    '',
    '',
    p.mode,
  ].join(',');
}

export function ggaBody(parts: Parts = {}): string {
  const p = { ...PARTS, ...parts };
  const position = [p.latitude, p.northSouth, p.longitude, p.eastWest];
  const quality = [p.quality, p.satellites, p.hdop, p.altitude, 'M', '47.0', 'M', '', ''];
  return [p.talker + 'GGA', p.time, ...position, ...quality].join(',');
}

export function rmc(parts: Parts = {}): string {
  return sentence(rmcBody(parts));
}

export function gga(parts: Parts = {}): string {
  return sentence(ggaBody(parts));
}

/** Verdict on a sentence without its `$`; its numbers are in `reading`. */
export function readSentence(reading: Reading, text: string): number {
  const verdict = openSentence(hostBytes, reading, text);
  if (verdict === Verdict.rmc) return readRmc(reading);
  return verdict === Verdict.gga ? readGga(reading) : verdict;
}
