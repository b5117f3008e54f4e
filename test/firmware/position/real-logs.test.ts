/** Logs of real receivers, held against gpsd's answers to them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  closeEpoch,
  createReceiver,
  feedReceiver,
  type GpsFix,
} from '../../../firmware/position/receiver.js';
import { hostBytes } from '../../../protocol/bytes.js';
import {
  compareWithGpsd,
  gpsdLogNames,
  readGpsdLog,
  type PlainFix,
} from '../../support/gpsd-reference.js';

/** Fixes in the log, and how many of them gpsd confirms; it withholds the others. */
const CONFIRMED: Record<string, [fixes: number, matched: number]> = {
  bt451: [14, 12],
  garmin15x: [7, 7],
  'gr601-w': [9, 9],
  mt3339: [30, 30],
  'mtk-3301': [4, 3],
  'nd-1005': [16, 16],
  'neo-m8n': [23, 22],
  'nmea-fuzzy-cases': [14, 14],
  'quectel-L70': [16, 16],
  'sirfstarv-nmea': [59, 59],
  'ublox-neo-m9n-nmea': [61, 61],
};

function over(value: number | null, unit: number): number | null {
  return value === null ? null : value / unit;
}

function toPlain(fix: GpsFix): PlainFix {
  return {
    time: fix.utcMs === null ? null : new Date(fix.utcMs).toISOString(),
    lat: fix.latitudeE7 / 1e7,
    lon: fix.longitudeE7 / 1e7,
    speedMPerS: over(fix.speedCmPerS, 100),
    courseDeg: over(fix.courseCentiDeg, 100),
    altitudeM: over(fix.altitudeDm, 10),
  };
}

function receive(log: string, chunkChars: number) {
  const fixes: GpsFix[] = [];
  const receiver = createReceiver(hostBytes, (fix) => {
    if (fix !== null) fixes.push(fix);
  });
  for (let at = 0; at < log.length; at += chunkChars) {
    feedReceiver(receiver, log.slice(at, at + chunkChars));
  }
  closeEpoch(receiver);
  return { fixes, receiver };
}

const logNames = gpsdLogNames();
if (logNames === null) {
  console.log('real-logs.test.ts: skipped, there is no ../shared/data/gps beside the project');
  test.skip('gives the fixes that gpsd gives', () => {});
} else {
  test('knows every log of the folder', () => {
    assert.equal(logNames, Object.keys(CONFIRMED).sort());
  });
  for (const logName of logNames) {
    test(`gives the fixes that gpsd gives: ${logName}`, () => {
      const { fixes, receiver } = receive(readGpsdLog(logName), 48);
      const { matched, differences } = compareWithGpsd(logName, fixes.map(toPlain));
      assert.equal(
        differences.filter((difference) => difference.why === undefined),
        [],
      );
      assert.equal([fixes.length, matched], CONFIRMED[logName]);
      assert.is(receiver.fixes, fixes.length);
      assert.equal([receiver.badChecksums, receiver.badSentences], [0, 0]);
      assert.equal(receive(readGpsdLog(logName), 1e9).fixes, fixes, 'in one piece');
    });
  }

  test('a difference without a reason is found, and a reason without a difference', () => {
    const fixes = receive(readGpsdLog('mtk-3301'), 1e9).fixes.map(toPlain);
    const kinds = (changed: PlainFix[]) =>
      compareWithGpsd('mtk-3301', changed)
        .differences.filter((difference) => difference.why === undefined)
        .map((difference) => difference.kind);
    const [withheld, first, ...rest] = fixes as [PlainFix, PlainFix, ...PlainFix[]];
    assert.equal(kinds(fixes), []);
    // Without that fix its undated report stands alone, too.
    assert.equal(kinds([first, ...rest]), ['absent', 'unfounded']);
    assert.equal(kinds([withheld, ...rest]), ['absent']);
    assert.equal(kinds([...fixes, first]), ['repeated']);
    assert.equal(kinds([withheld, { ...first, lat: first.lat + 2e-6 }, ...rest]), ['position']);
    assert.equal(kinds([withheld, { ...first, speedMPerS: 1 }, ...rest]), ['speed']);
    assert.equal(kinds([...fixes, { ...first, time: '2008-08-23T08:14:37.500Z' }]), ['extra']);
  });
}

test.run();
