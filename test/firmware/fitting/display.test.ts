/** The whole unit's display: what it knows is on it within a second, and nothing needs it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakePorts } from '../../support/fake-ports.js';
import { gga, rmc } from '../../support/nmea-sentences.js';
import { Bench, DISPATCH, UTC, provisioned } from '../../support/sealed.js';

class Shown {
  lines: readonly string[] = [];
  times = 0;
  show(lines: readonly string[]): void {
    this.lines = lines;
    this.times++;
  }
}

function benchWith(display: Shown): Bench {
  return new Bench(provisioned(), undefined, (ports) => {
    ports.display = display;
  });
}

/** 640 m to the north of where the receiver of `nmea-sentences.ts` is. */
const PLACE = { latitudeE7: 515020567 + 57570, longitudeE7: -1238683 };

/** A receiver that stands still, a fix a second. */
function stand(bench: Bench, seconds: number): void {
  for (let s = 0; s < seconds; s++) {
    const time = new Date(UTC + s * 1000).toISOString().substring(11, 19).replaceAll(':', '');
    const parts = { time: time + '.00', date: '141123', knots: '0.0', course: '0.0' };
    bench.ports.gps.feed(rmc(parts) + gga(parts));
    bench.ports.clock.advance(1000);
  }
}

test('call sign, link and AED while nothing is open, and the address of a job that is', () => {
  const display = new Shown();
  const bench = benchWith(display).opened();
  assert.is(display.lines.length, 4);
  assert.is(display.lines[1], 'CONTROL AWAY', 'nobody has said hello');
  bench.hello();
  bench.ports.clock.advance(1000);
  assert.is(display.lines[1], 'LINK OK');
  bench.say('dispatch', { ...DISPATCH, ...PLACE }, 100);
  bench.ports.clock.advance(1000);
  assert.ok(display.lines[3]?.startsWith('ACCEPT?'), display.lines.join('|'));
  assert.match(display.lines[2] as string, /^\? m/, 'nobody knows where the vehicle is');
  stand(bench, 3);
  assert.match(display.lines[2] as string, /^640m N [0-9]+s$/);
  bench.standDown();
  bench.ports.clock.advance(1000);
  assert.is(display.lines[1], 'LINK OK');
});

test('the link that is lost is shown', () => {
  const display = new Shown();
  const bench = benchWith(display).opened();
  bench.hello();
  bench.ports.network.up = false;
  bench.ports.net.far.drop();
  bench.ports.clock.advance(1500);
  assert.is(display.lines[1], 'NO LINK');
});

test('without a display the unit has no task for one', () => {
  const without = new Bench().unit.tasks.dueMs.length;
  assert.is(createFakePorts(provisioned()).display, null);
  assert.is(benchWith(new Shown()).unit.tasks.dueMs.length, without + 1);
});

test.run();
