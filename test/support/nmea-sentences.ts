/** Makes NMEA sentences for tests, and reads one as the receiver does. */
import { createReceiver, feedReceiver, type Receiver } from '../../firmware/position/receiver.js';
import { hostBytes } from '../../protocol/bytes.js';
import { Fix } from '../../protocol/codes.js';

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

/** What became of a sentence. */
export const Verdict = { skipped: 0, rmc: 1, gga: 2, badChecksum: 4, badSentence: 8 } as const;

/** What a receiver counted, the sum of it first. */
export function countsOf({ used, skipped, badChecksums, badSentences, fixes }: Receiver) {
  const sentences = used + skipped + badChecksums + badSentences;
  return { sentences, skipped, badChecksums, badSentences, fixes };
}

/** Verdict on a sentence without its `$`, by a receiver of its own, which has the numbers. */
export function readSentence(text: string) {
  const receiver = createReceiver(hostBytes, () => {});
  feedReceiver(receiver, '$' + text);
  return { verdict: verdictOf(receiver), reading: receiver, kind: receiver.fix?.kind ?? Fix.none };
}

function verdictOf({ used, badChecksums, badSentences, seen }: Receiver): number {
  if (used > 0) return (seen & Verdict.rmc) !== 0 ? Verdict.rmc : Verdict.gga;
  if (badChecksums > 0) return Verdict.badChecksum;
  return badSentences > 0 ? Verdict.badSentence : Verdict.skipped;
}
