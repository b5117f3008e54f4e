/** RMC and GGA of one time become one fix, whatever the receiver sends and in which order. */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  closeEpoch,
  createReceiver,
  feedReceiver,
  type GpsFix,
} from '../../../firmware/position/receiver.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { Fix } from '../../../protocol/codes.js';
import { countsOf, gga, rmc, sentence, type Parts } from '../../support/nmea-sentences.js';

const NOON_35_19 = Date.UTC(2024, 2, 23, 12, 35, 19);

function setUp() {
  const epochs: (GpsFix | null)[] = [];
  const receiver = createReceiver(hostBytes, (fix) => epochs.push(fix));
  return { epochs, receiver, feed: (text: string) => feedReceiver(receiver, text) };
}

function receive(text: string): (GpsFix | null)[] {
  const { epochs, receiver, feed } = setUp();
  feed(text);
  closeEpoch(receiver);
  return epochs;
}

function times(text: string): (string | null)[] {
  return receive(text).map((fix) =>
    fix === null || fix.utcMs === null ? null : new Date(fix.utcMs).toISOString(),
  );
}

test('joins RMC and GGA in both orders, at once', () => {
  for (const text of [rmc() + gga(), gga() + rmc()]) {
    const { epochs, receiver, feed } = setUp();
    feed(text);
    assert.equal(epochs, [
      {
        kind: Fix.gps,
        utcMs: NOON_35_19,
        latitudeE7: 515020567,
        longitudeE7: -1238683,
        speedCmPerS: 1152,
        courseCentiDeg: 8440,
        altitudeDm: 454,
        satellites: 8,
        hdopCenti: 90,
      },
    ]);
    closeEpoch(receiver);
    assert.is(epochs.length, 1, 'handed on once');
    assert.is(receiver.fixes, 1);
  }
});

test('the times of both may be written differently', () => {
  assert.is(receive(rmc({ time: '123519' }) + gga({ time: '123519.000' })).length, 1);
  assert.is(receive(rmc({ time: '123519.0' }) + gga({ time: '123519.1' })).length, 2);
});

test('an RMC-only receiver: handed on by the next time, or by the timer', () => {
  const { epochs, receiver, feed } = setUp();
  feed(rmc({ time: '123519' }));
  assert.is(epochs.length, 0);
  feed(rmc({ time: '123520' }));
  assert.is(epochs.length, 1);
  closeEpoch(receiver);
  closeEpoch(receiver);
  assert.is(epochs.length, 2);
  const fix = epochs[1] as GpsFix;
  assert.is(fix.utcMs, NOON_35_19 + 1000);
  assert.equal([fix.altitudeDm, fix.satellites, fix.hdopCenti], [null, null, null]);
});

test('a GGA-only receiver has no date', () => {
  const epochs = receive(gga({ time: '235959' }) + gga({ time: '000000' }));
  assert.is(epochs.length, 2);
  for (const fix of epochs as GpsFix[]) {
    assert.equal([fix.utcMs, fix.speedCmPerS, fix.courseCentiDeg], [null, null, null]);
    assert.is(fix.latitudeE7, 515020567);
  }
});

test('a late or repeated sentence of a time makes no second fix', () => {
  const second = gga({ talker: 'GL', satellites: '02' });
  for (const text of [gga() + second + rmc(), rmc() + gga() + second, gga() + rmc() + second]) {
    const epochs = receive(text + text);
    assert.is(epochs.length, 1);
    assert.is(epochs[0]?.satellites, 8, 'the first counts');
  }
  const { epochs, receiver, feed } = setUp();
  feed(rmc());
  closeEpoch(receiver);
  feed(gga() + rmc());
  closeEpoch(receiver);
  assert.is(epochs.length, 1);
});

test('an epoch without a fix is told once', () => {
  const lost: Parts = { time: '123520', status: 'V', quality: '0', mode: 'N' };
  const { epochs, receiver, feed } = setUp();
  feed(rmc() + gga() + rmc(lost));
  assert.is(epochs.length, 1);
  feed(gga(lost) + rmc(lost));
  assert.equal(epochs.slice(1), [null]);
  feed(rmc({ time: '123521' }) + gga({ time: '123521' }));
  assert.is(epochs[2]?.utcMs, NOON_35_19 + 2000);
  assert.is(receiver.fixes, 2);
});

test('a receiver that does not know the time yet', () => {
  const empty: Parts = { time: '', latitude: '', northSouth: '', longitude: '', eastWest: '' };
  const noFix = rmc({ ...empty, status: 'V' }) + gga({ ...empty, quality: '0' });
  assert.equal(receive(noFix + noFix + noFix), [null, null, null]);
  const rmcOnly = rmc({ ...empty, status: 'V' });
  assert.equal(receive(rmcOnly + rmcOnly), [null, null]);
  const [fix, ...others] = receive(rmc({ time: '' }) + gga({ time: '' }));
  assert.is(others.length, 0);
  assert.equal([fix?.utcMs, fix?.satellites, fix?.speedCmPerS], [null, 8, 1152]);
});

test('a sentence that denies the fix wins', () => {
  for (const parts of [{ status: 'V' }, { mode: 'N' }, { quality: '0' }, { quality: '8' }]) {
    assert.equal(receive(rmc(parts) + gga(parts)), [null], JSON.stringify(parts));
    assert.equal(receive(gga(parts) + rmc(parts)), [null], JSON.stringify(parts));
  }
});

test('estimated if either says so, otherwise what GGA says', () => {
  const kinds: [string, string, number][] = [
    ['A', '1', Fix.gps],
    ['A', '2', Fix.differential],
    ['D', '1', Fix.gps],
    ['D', '2', Fix.differential],
    ['', '4', Fix.differential],
    ['E', '1', Fix.estimated],
    ['A', '6', Fix.estimated],
    ['E', '6', Fix.estimated],
    ['E', '2', Fix.estimated],
  ];
  for (const [mode, quality, kind] of kinds) {
    assert.is(receive(rmc({ mode }) + gga({ quality }))[0]?.kind, kind, mode + quality);
    assert.is(receive(gga({ quality }) + rmc({ mode }))[0]?.kind, kind, mode + quality);
  }
});

test('the date goes over with midnight, whichever sentence comes first', () => {
  const before: Parts = { time: '235959.50', date: '280224' };
  const after: Parts = { time: '000000.50', date: '290224' };
  const expected = ['2024-02-28T23:59:59.500Z', '2024-02-29T00:00:00.500Z'];
  assert.equal(times(rmc(before) + gga(before) + rmc(after) + gga(after)), expected);
  assert.equal(times(gga(before) + rmc(before) + gga(after) + rmc(after)), expected);
  assert.equal(times(rmc(before) + gga(before) + gga(after)), expected, 'the RMC is lost');
  const later = gga({ time: '000001.50' }) + gga({ time: '000002.50' });
  assert.is(times(rmc(before) + gga(after) + later)[3], '2024-02-29T00:00:02.500Z');
  assert.equal(times(rmc(after) + gga(before)), [...expected].reverse(), 'set back a little');
});

test('the year rolls, and so does the century of two digits', () => {
  const eve = rmc({ time: '235959', date: '311223' });
  assert.equal(times(eve + gga({ time: '000000' })), [
    '2023-12-31T23:59:59.000Z',
    '2024-01-01T00:00:00.000Z',
  ]);
  assert.equal(times(rmc({ date: '311299' })), ['1999-12-31T12:35:19.000Z']);
  assert.equal(times(rmc({ date: '010180' })), ['1980-01-01T12:35:19.000Z']);
  assert.equal(times(rmc({ date: '311279' })), ['2079-12-31T12:35:19.000Z']);
  const leap = rmc({ time: '235960', date: '311216' }) + gga({ time: '000000' });
  assert.equal(times(leap), ['2017-01-01T00:00:00.000Z', '2017-01-01T00:00:00.000Z']);
});

test('a date is not carried over a loss of the fix', () => {
  const lost = rmc({ time: '123520', status: 'V' });
  assert.equal(times(rmc() + lost + gga({ time: '123521' }) + gga({ time: '123522' })), [
    '2024-03-23T12:35:19.000Z',
    null,
    null,
    null,
  ]);
  const late = gga({ time: '090000' });
  assert.is(
    times(rmc() + lost + late + rmc({ time: '090000', date: '240324' }))[2],
    '2024-03-24T09:00:00.000Z',
  );
});

test('all four quarters of the globe', () => {
  for (const northSouth of ['N', 'S']) {
    for (const eastWest of ['E', 'W']) {
      const fix = receive(rmc({ northSouth, eastWest }) + gga({ northSouth, eastWest }))[0];
      assert.is(fix?.latitudeE7, northSouth === 'N' ? 515020567 : -515020567);
      assert.is(fix?.longitudeE7, eastWest === 'E' ? 1238683 : -1238683);
    }
  }
});

test('each fix is a record of its own', () => {
  const [a, b] = receive(rmc() + gga() + rmc({ time: '123520', knots: '0.0' }));
  assert.is(a?.speedCmPerS, 1152);
  assert.is(b?.speedCmPerS, 0);
  assert.is(b?.satellites, null, 'nothing is left from the epoch before');
});

test('counts what it does not use', () => {
  const { receiver, feed } = setUp();
  feed(sentence('GPGSV,1,1,00') + '$GPVTG,no checksum\r\n' + rmc() + gga().replace('45.4', '45.5'));
  feed(gga({ altitude: '?' }) + gga());
  assert.equal(Object.values(countsOf(receiver)), [6, 2, 1, 1, 1]);
});

interface Expected {
  readonly counts: Record<string, number>;
  readonly epochs: (GpsFix | null)[];
}

for (const name of ['town-drive', 'noisy']) {
  test(`${name}.log gives what its .json says`, () => {
    const file = (type: string) => new URL(`../../fixtures/gps/${name}.${type}`, import.meta.url);
    const expected = JSON.parse(readFileSync(file('json'), 'utf8')) as Expected;
    const { epochs, receiver, feed } = setUp();
    const log = readFileSync(file('log'), 'latin1');
    for (let at = 0; at < log.length; at += 64) feed(log.slice(at, at + 64));
    closeEpoch(receiver);
    assert.equal(epochs, expected.epochs);
    assert.equal(countsOf(receiver), expected.counts);
  });
}

test.run();
