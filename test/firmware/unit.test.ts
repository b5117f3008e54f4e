/** The whole unit on fake ports: how it starts, what it tells, and what it does not believe. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IConnectPacket } from 'mqtt-packet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Input } from '../../firmware/ports/inputs.js';
import { Lamp } from '../../firmware/ports/outputs.js';
import { WATCHDOG_S } from '../../firmware/unit.js';
import { ClockQuality, Fix, Presence } from '../../protocol/codes.js';
import { ROOT } from '../support/cli.js';
import { sentence } from '../support/nmea-sentences.js';
import { Bench, STATE, UTC, openUp } from '../support/sealed.js';

test('starts in silence, with a watchdog, and joins the network only where it must', () => {
  const { ports } = new Bench();
  const wasLit = new Set<boolean | undefined>();
  assert.is(ports.system.watchdogS, WATCHDOG_S);
  assert.equal(ports.trace, [], 'nothing sounds, nothing is lit');
  ports.clock.advance(2000);
  assert.equal(ports.network.joins, []);
  assert.ok(ports.trace.includes('call 10.0.0.1:1883'));
  // The control room has not spoken: amber blinks.
  for (let i = 0; i < 2; i++) {
    wasLit.add(ports.outputs.lit[Lamp.amber]);
    ports.clock.advance(1000);
  }
  assert.is(wasLit.size, 2);
});

test('CR-033, CR-035, CR-070, CR-145: birth first, alone retained, with the counter of its will', () => {
  const bench = new Bench();
  bench.ports.clock.advance(2000);
  const connect = bench.ports.net.far.heard[0] as IConnectPacket;
  assert.is(connect.clientId, 'MP-1');
  assert.is(connect.will?.topic, STATE);
  const death = openUp(STATE, connect.will?.payload as Buffer);
  const [birth, ...others] = bench.sent();
  assert.equal([birth?.name, birth?.topic, birth?.retain], ['birth', STATE, true]);
  assert.equal(death.message, { birthCounter: birth?.message['birthCounter'] });
  assert.is(birth?.message['callSign'], 'Alpha 1');
  const names = ['aed', 'health', 'position', 'status'];
  assert.equal([...new Set(others.map((each) => each.name))].sort(), names);
  for (const each of others) assert.is(each.retain, false);
  // The will is sealed with the birth's counter, the birth with the next.
  assert.is(death.counter, birth?.message['birthCounter']);
  assert.is(birth?.counter, death.counter + 1);
});

test('CR-071: every connection and every boot has a greater birth counter', () => {
  let bench = new Bench();
  let last = 0;
  for (let boot = 0; boot < 3; boot++) {
    for (let connection = 0; connection < 3; connection++) {
      bench.ports.clock.advance(3000);
      const births = bench.sent().filter((each) => each.name === 'birth');
      assert.is(births.length, 1);
      assert.ok((births[0]?.message['birthCounter'] as number) > last);
      last = births[0]?.message['birthCounter'] as number;
      bench.ports.net.far.drop();
    }
    bench = bench.restarted();
  }
});

test('CR-071, CR-111: a birth tells the newest counter that the unit has taken', () => {
  const bench = new Bench();
  const heard = (): unknown => {
    bench.ports.clock.advance(2000);
    return bench.newest('birth')['heardCounter'];
  };
  assert.is(heard(), 0);
  for (let i = 0; i < 3; i++) {
    bench.hello();
    bench.standDown(8 + i);
    bench.ports.net.far.drop();
    assert.is(heard(), bench.peer.state.counter);
  }
  const after = bench.restarted();
  after.ports.clock.advance(2000);
  assert.is(after.newest('birth')['heardCounter'], bench.peer.state.counter, 'from flash');
});

test('CR-083: the AED is reported at birth, at every change and every 5 minutes', () => {
  const bench = new Bench();
  const { ports } = bench;
  ports.clock.advance(2000);
  const first = bench.newest('aed');
  assert.is(first['presence'], Presence.absent);
  assert.ok((first['seenMsAgo'] as number) < 1000);
  ports.inputs.set(Input.bracket, true);
  ports.clock.advance(1);
  assert.is(bench.newest('aed')['presence'], Presence.present);
  ports.clock.advance(3600000);
  assert.is(bench.sent().filter((each) => each.name === 'aed').length, 12);
  ports.net.far.drop();
  ports.clock.advance(2000);
  const names = bench.sent().map((each) => each.name);
  assert.equal(names.slice(0, 3), ['birth', 'status', 'aed']);
});

test('CR-081, CR-082: the fix, its time and its loss come from the line of the receiver', () => {
  const bench = new Bench();
  const { ports, unit } = bench;
  ports.clock.advance(2000);
  bench.sent();
  ports.gps.feed(rmcAt('120000', '211126'));
  ports.clock.advance(2000);
  const position = bench.newest('position');
  assert.is(position['latitudeE7'], 515000000);
  assert.is(position['longitudeE7'], -1250000);
  assert.is(unit.clock.quality, ClockQuality.gps);
  ports.clock.advance(6000);
  const lost = bench.newest('position');
  assert.is(lost['fix'], Fix.none);
  assert.is(lost['latitudeE7'], null);
  assert.ok((lost['fixAgeMs'] as number) >= 5000);
});

test('CR-095: a GPS time of a day or more before the newest counter is not believed', () => {
  // The counter that the control room gave last: 2023-11-14, 22:13:21.
  for (const [time, date, isBelieved] of [
    ['221321', '131123', false],
    ['221322', '131123', true],
    ['120000', '211126', true],
    ['120000', '070403', false],
  ] as const) {
    const bench = new Bench().opened();
    bench.standDown();
    assert.is(bench.peer.state.counter, UTC / 1000 + 1);
    bench.ports.gps.feed(rmcAt(time, date));
    bench.ports.clock.advance(2000);
    const { clock, tracker } = bench.unit;
    assert.is(clock.quality, isBelieved ? ClockQuality.gps : ClockQuality.unknown, date);
    assert.ok(tracker.hasFix, 'the position is');
  }
});

test('CR-085, CR-091: a week without a broker: no restart, bounded, and then all is told', () => {
  const bench = new Bench();
  const { ports, unit } = bench;
  ports.net.manner = 'refuses';
  for (let hour = 0; hour < 7 * 24; hour++) {
    const kicks = ports.system.kicks;
    ports.clock.advance(3600000);
    assert.ok(ports.system.kicks - kicks >= 3600, 'the watchdog is kicked');
    assert.ok(unit.outbox.waiting.length <= 4, 'the latest of each state');
  }
  assert.is(unit.tasks.late, 0);
  ports.net.manner = 'opens';
  ports.clock.advance(40000);
  const health = bench.newest('health');
  assert.equal([health['lateTasks'], health['droppedMessages']], [0, 0]);
});

test('CR-094: what is shed for want of memory, or cannot be encoded, is counted', () => {
  const bench = new Bench();
  const { ports, unit } = bench;
  ports.net.manner = 'hangs';
  ports.clock.advance(500);
  ports.net.far.open();
  ports.system.free = 100;
  ports.net.far.say({ cmd: 'connack', returnCode: 0, sessionPresent: false });
  const waiting = unit.outbox.waiting.length;
  bench.hello();
  assert.is(unit.outbox.waiting.length, 0);
  assert.is(unit.outbox.dropped, waiting);
  unit.bay.presence = 1000;
  unit.bay.onReport();
  assert.is(unit.outbox.dropped, waiting + 1);
  assert.is(unit.outbox.waiting.length, 0, 'and never sent as nothing');
});

test('an exception in one part is counted, and the others go on', () => {
  const bench = new Bench();
  const { ports, unit } = bench;
  ports.clock.advance(2000);
  ports.system.survives = true;
  Object.assign(unit.tracker, {
    onReport: () => {
      throw new Error('broken');
    },
  });
  ports.clock.advance(601000);
  const health = bench.newest('health');
  assert.is(health['uncaughtErrors'], 10, 'once every 60 s');
  assert.is(unit.session.closeReason, 0, 'the link stayed open');
});

test('what the line kept while something blocked comes as one string, and is read like any', () => {
  const log = readFileSync(join(ROOT, 'test/fixtures/gps/town-drive.log'), 'latin1').slice(0, 4096);
  const [whole, cut] = [new Bench(), new Bench()];
  whole.ports.gps.feed(log);
  for (let at = 0; at < log.length; at += 48) cut.ports.gps.feed(log.slice(at, at + 48));
  const { used, fixes } = whole.unit.receiver;
  assert.equal([used, fixes], [cut.unit.receiver.used, cut.unit.receiver.fixes]);
  assert.ok(fixes > 5);
});

/** A sentence with a fix at this time. */
function rmcAt(time: string, date: string): string {
  return sentence(`GPRMC,${time},A,5130.0000,N,00007.5000,W,000.0,000.0,${date},,`);
}

test.run();
