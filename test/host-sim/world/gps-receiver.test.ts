/** Receivers: right sentences, at line speed, in world time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import {
  createLogReceiver,
  createTrackReceiver,
  firstTimeOf,
  type ReceiverOptions,
} from '../../../host-sim/world/gps-receiver.js';
import { epochsOf } from '../../../host-sim/world/nmea-log.js';
import { sentence } from '../../../host-sim/world/nmea.js';
import { Random } from '../../../host-sim/world/random.js';
import { createTrack } from '../../../host-sim/world/track.js';

const START_MS = Date.UTC(2026, 2, 2, 10, 0, 0, 250);

interface Piece {
  readonly atMs: number;
  readonly bytes: string;
}

async function record(runMs: number, options: Partial<ReceiverOptions> = {}) {
  const clock = new SimulatedClock(START_MS);
  const random = new Random(1);
  const track = createTrack({ latitude: -33.5, longitude: -0.15, pattern: 'patrol' }, random);
  const pieces: Piece[] = [];
  const line = (bytes: string) => pieces.push({ atMs: clock.nowMs() - START_MS, bytes });
  const receiver = createTrackReceiver(clock, track, random, line, { baud: 9600, ...options });
  receiver.start();
  await clock.runUntil(START_MS + runMs);
  return { clock, receiver, pieces, text: () => pieces.map(({ bytes }) => bytes).join('') };
}

function sentencesOf(text: string): string[][] {
  return text
    .split('\r\n')
    .slice(0, -1)
    .map((line) => {
      assert.is(sentence(line.slice(1, -3)), line + '\r\n', 'checksum');
      return line.slice(1, -3).split(',');
    });
}

test('reports once a second, with the second that it is of', async () => {
  const { text } = await record(3700);
  const sentences = sentencesOf(text());
  const types = sentences.map(([type]) => type?.slice(2));
  assert.equal(types.slice(0, 4), ['RMC', 'VTG', 'GGA', 'GSA']);
  assert.ok(types.includes('GSV'));
  const rmc = sentences.filter(([type]) => type === 'GNRMC');
  assert.equal(
    rmc.map(([, time, status]) => [time, status]),
    [
      ['100001.00', 'A'],
      ['100002.00', 'A'],
      ['100003.00', 'A'],
    ],
  );
  assert.is(rmc[0]?.[9], '020326');
});

test("positions are the track's, within a few metres, south and west too", async () => {
  const { text } = await record(1700);
  const gga = sentencesOf(text()).find(([type]) => type === 'GNGGA') ?? [];
  const [, , latitude = '', northSouth, longitude = '', eastWest, quality] = gga;
  assert.equal([northSouth, eastWest, quality], ['S', 'W', '1']);
  const degrees = (field: string, width: number) =>
    Number(field.slice(0, width)) + Number(field.slice(width)) / 60;
  assert.ok(Math.abs(degrees(latitude, 2) - 33.5) < 5e-5, latitude);
  assert.ok(Math.abs(degrees(longitude, 3) - 0.15) < 5e-5, longitude);
});

test('bytes come at the speed of the line, in pieces of 48 to 64', async () => {
  const { pieces } = await record(1700);
  assert.ok(pieces.length > 5);
  let bytes = 0;
  for (const [i, piece] of pieces.entries()) {
    bytes += piece.bytes.length;
    const last = i === pieces.length - 1;
    assert.ok(piece.bytes.length <= 64 && (last || piece.bytes.length >= 48));
    // The report of 10:00:01 begins 60 ms after it.
    const expectedMs = 750 + 60 + (bytes * 10_000) / 9600;
    assert.ok(Math.abs(piece.atMs - expectedMs) < 0.01, `${piece.atMs} / ${expectedMs}`);
  }
});

test('without sky it says that it has no fix, and keeps the time', async () => {
  const { clock, receiver, text } = await record(1700);
  receiver.setSky(false);
  const before = text().length;
  await clock.runUntil(START_MS + 3700);
  const hidden = sentencesOf(text().slice(before));
  assert.equal(hidden.find(([type]) => type === 'GNRMC')?.slice(1, 4), ['100002.00', 'V', '']);
  assert.equal(hidden.find(([type]) => type === 'GNGGA')?.slice(1, 7), [
    '100002.00',
    '',
    '',
    '',
    '',
    '0',
  ]);
  receiver.setSky(true);
  await clock.runUntil(START_MS + 7700);
  const rmc = sentencesOf(text()).filter(([type]) => type === 'GNRMC');
  assert.equal(
    rmc.map(([, , status]) => status),
    ['A', 'V', 'V', 'V', 'V', 'A', 'A'],
  );
});

test('a cold start has no time at first', async () => {
  const { text } = await record(4900, { coldStartMs: 3000 });
  const rmc = sentencesOf(text()).filter(([type]) => type === 'GNRMC');
  assert.equal(
    rmc.map(([, time, status]) => [time, status]),
    [
      ['', 'V'],
      ['', 'V'],
      ['', 'V'],
      ['100004.00', 'A'],
    ].slice(0, rmc.length),
  );
});

test('stop falls silent at once, start goes on', async () => {
  const { clock, receiver, pieces } = await record(900);
  receiver.stop();
  const count = pieces.length;
  await clock.runUntil(START_MS + 5000);
  assert.is(pieces.length, count);
  receiver.start();
  await clock.runUntil(START_MS + 6000);
  assert.ok(pieces.length > count);
});

const LOG = Buffer.from(
  '$GPGSV,junk before\r\n' +
    sentence('GPGGA,235958.00,,,,,0,00,99.99,,,,,,') +
    sentence('GPRMC,235958.00,V,,,,,,,311225,,,N') +
    sentence('GPRMC,235959.00,V,,,,,,,311225,,,N') +
    'x'.repeat(200) +
    '\n' +
    sentence('GPGGA,000002.50,,,,,0,00,99.99,,,,,,') +
    '$GPRMC,000009.00,A,,,,,,,010126,,,N*00\r\n' +
    'no line end',
  'latin1',
);

test('a log is cut into epochs, over midnight, without losing a byte', () => {
  const epochs = epochsOf(LOG);
  assert.equal(
    epochs.map(({ elapsedMs, utcMs }) => [elapsedMs, utcMs && new Date(utcMs).toISOString()]),
    [
      [0, '2025-12-31T23:59:58.000Z'],
      [1000, '2025-12-31T23:59:59.000Z'],
      [4500, '2026-01-01T00:00:02.500Z'],
    ],
  );
  assert.is(epochs.map(({ bytes }) => bytes).join(''), LOG.toString('latin1'));
});

test('the first time of a log is that of its first RMC with a date', () => {
  assert.is(firstTimeOf(LOG), Date.UTC(2025, 11, 31, 23, 59, 58));
  assert.is(firstTimeOf(Buffer.from('nothing')), null);
});

test('a log plays as it was recorded, then falls silent', async () => {
  const clock = new SimulatedClock(START_MS);
  const pieces: Piece[] = [];
  const line = (bytes: string) => pieces.push({ atMs: clock.nowMs() - START_MS, bytes });
  createLogReceiver(clock, LOG, line, { baud: 9600 }).start();
  await clock.runUntil(START_MS + 60_000);
  assert.is(pieces.map(({ bytes }) => bytes).join(''), LOG.toString('latin1'));
  const epochBytes = epochsOf(LOG).map(({ bytes }) => bytes.length);
  let at = 0;
  for (const [i, count] of epochBytes.entries()) {
    const first = pieces.find((_, p) => sumOf(pieces.slice(0, p + 1)) > at) as Piece;
    const startMs = [0, 1000, 4500][i] as number;
    assert.ok(first.atMs >= startMs && first.atMs < startMs + 100, `epoch ${i} at ${first.atMs}`);
    at += count;
  }
});

function sumOf(pieces: Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

test('a log under a hidden sky says that it has no fix', async () => {
  const clock = new SimulatedClock(START_MS);
  let text = '';
  const receiver = createLogReceiver(clock, LOG, (bytes) => (text += bytes), { baud: 9600 });
  receiver.setSky(false);
  receiver.start();
  await clock.runUntil(START_MS + 60_000);
  const gga = sentencesOf(text).filter(([type]) => type === 'GNGGA');
  assert.equal(
    gga.map(([, time, , , , , quality]) => [time, quality]),
    [
      ['235958.00', '0'],
      ['235959.00', '0'],
      ['000002.50', '0'],
    ],
  );
});

test.run();
