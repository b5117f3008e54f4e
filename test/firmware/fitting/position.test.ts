/** Where the whole unit says it is: live, of a time when nobody could be told, and as a station. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_POINTS } from '../../../firmware/position/backlog.js';
import { ClockQuality, Fix, PositionReason } from '../../../protocol/codes.js';
import type { Fields } from '../../../protocol/host/index.js';
import { gga, rmc } from '../../support/nmea-sentences.js';
import { Bench, UTC } from '../../support/sealed.js';

const STATION = { latitudeE7: 515000000, longitudeE7: -1250000 };

/**
 * The receiver speaks for so long, from a vehicle that goes north: a hundredth of a minute, 18.5 m,
 * a second. Gives the seconds since the start.
 */
function drive(bench: Bench, fromS: number, seconds: number): number {
  for (let s = fromS; s < fromS + seconds; s++) {
    const time = new Date(UTC + s * 1000).toISOString().substring(11, 19).replaceAll(':', '');
    const latitude = (5130 + s / 100).toFixed(4);
    const parts = { time: time + '.00', date: '141123', latitude, knots: '36.0', course: '0.0' };
    bench.ports.gps.feed(rmc(parts) + gga(parts));
    bench.ports.clock.advance(1000);
  }
  return fromS + seconds;
}

function positionsOf(bench: Bench): Fields[] {
  return bench.sent().flatMap(({ name, message }) => (name === 'position' ? [message] : []));
}

const isMissed = (position: Fields): boolean => position['reason'] === PositionReason.missed;

test('CR-088: what was missed is told after all else, with its own time, and never as live', () => {
  const bench = new Bench().opened();
  let s = drive(bench, 0, 30);
  assert.not.ok(positionsOf(bench).some(isMissed));
  bench.ports.network.up = false;
  bench.ports.net.far.drop();
  const lostS = s;
  s = drive(bench, s, 120);
  bench.ports.network.up = true;
  const backS = s;
  drive(bench, s, 200);
  const sent = bench.sent().filter((each) => each.name !== 'birth');
  const first = sent.findIndex(({ message, name }) => name === 'position' && isMissed(message));
  const before = new Set(sent.slice(0, first).map((each) => each.name));
  assert.equal([...before].sort(), ['aed', 'position', 'status'], 'these first, live');
  const missed = sent.map((each) => each.message).filter(isMissed);
  assert.ok(missed.length > 5 && missed.length <= MAX_POINTS);
  let last = 0;
  for (const { at, latitudeE7, fix } of missed) {
    const agoS = ((at as number) - UTC) / 1000;
    assert.ok(agoS >= lostS - 10 && agoS <= backS + 10, 'it is the time when it was there');
    const places = Math.round(((latitudeE7 as number) - 515000000) / 1666.67);
    assert.ok(Math.abs(places - agoS) <= 2, `${places} and ${agoS}: and the place of that time`);
    assert.ok((at as number) > last, 'in their order');
    last = at as number;
    assert.is(fix, Fix.gps);
  }
  for (const { name, message } of sent) {
    if (name !== 'position' || isMissed(message)) continue;
    assert.ok((message['at'] as number) >= UTC + (backS - 30) * 1000, 'live is live');
  }
});

test('CR-088: a hundred minutes are thinned to a bounded track over all of them', () => {
  const bench = new Bench().opened();
  let s = drive(bench, 0, 10);
  bench.sent();
  bench.ports.network.up = false;
  bench.ports.net.far.drop();
  s = drive(bench, s, 1200);
  bench.ports.network.up = true;
  drive(bench, s, 300);
  const missed = positionsOf(bench).filter(isMissed);
  assert.ok(missed.length > MAX_POINTS / 4 && missed.length <= MAX_POINTS);
  const times = missed.map(({ at }) => ((at as number) - UTC) / 1000);
  assert.ok((times[0] as number) < 200 && (times.at(-1) as number) > 900, times.join());
});

test('CR-088: without a fix nothing is missed', () => {
  const bench = new Bench().opened();
  bench.sent();
  bench.ports.network.up = false;
  bench.ports.net.far.drop();
  bench.ports.clock.advance(600000);
  bench.ports.network.up = true;
  bench.ports.clock.advance(120000);
  assert.not.ok(positionsOf(bench).some(isMissed));
});

test('L1, CR-088: a station tells its place, and has no fix to lose', () => {
  const bench = new Bench().opened();
  bench.configure(STATION);
  bench.hello();
  bench.ports.clock.advance(1000);
  bench.sent();
  drive(bench, 0, 30);
  bench.ports.clock.advance(300000);
  bench.ports.network.up = false;
  bench.ports.net.far.drop();
  bench.ports.clock.advance(300000);
  bench.ports.network.up = true;
  bench.ports.clock.advance(120000);
  const positions = positionsOf(bench);
  assert.ok(positions.length >= 6, 'every minute while there is a link');
  for (const position of positions) {
    assert.equal(
      [position['fix'], position['reason'], position['fixAgeMs'], position['speedCmPerS']],
      [Fix.surveyed, PositionReason.periodic, 0, null],
    );
    const { latitudeE7, longitudeE7 } = position;
    assert.equal({ latitudeE7, longitudeE7 }, STATION);
  }
});

test('CR-080, L1: what its receiver does changes nothing about the reports of a station', () => {
  const bench = new Bench().opened();
  bench.configure(STATION);
  bench.hello();
  bench.ports.clock.advance(1000);
  bench.sent();
  // Indoors: it drifts about, and its fix comes and goes, for longer each time than it is lost after.
  for (let minute = 0; minute < 20; minute++) {
    drive(bench, minute * 60, 20);
    bench.ports.clock.advance(40000);
  }
  const positions = positionsOf(bench);
  assert.ok(positions.length >= 19 && positions.length <= 21, `${positions.length}`);
  assert.is(bench.unit.clock.quality, ClockQuality.gps, 'but for the time, which it tells');
});

test('L1: after a restart a station says at once where it stands', () => {
  const bench = new Bench().opened();
  bench.configure(STATION);
  bench.hello();
  const after = bench.restarted();
  after.ports.clock.advance(2000);
  const positions = positionsOf(after);
  assert.equal(
    positions.map((each) => [each['fix'], each['latitudeE7']]),
    [[Fix.surveyed, STATION.latitudeE7]],
  );
});

test.run();
