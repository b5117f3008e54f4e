/** The list of brokers (CR-155): its form, and the order in which the unit tries them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { areBrokers, brokerNow, useBrokers } from '../../../firmware/link/brokers.js';
import type { Link } from '../../../firmware/link/link.js';
import { obliging } from '../../support/fake-ports.js';
import { Bench } from '../../support/sealed.js';

const LIST = '10.0.0.2:1884 10.0.0.3:1885 broker.example:8883';

/** Whom a unit called since the last call. */
function called(bench: Bench): string[] {
  return bench.ports.trace
    .splice(0)
    .flatMap((what) => (what.startsWith('call ') ? [what.substring(5)] : []));
}

/** A unit that was given these brokers, was heard there, and has no session now. */
function given(brokers: string): Bench {
  const bench = new Bench().opened();
  bench.configure({ brokers });
  bench.ports.clock.advance(2000);
  bench.hello();
  bench.ports.clock.advance(1000);
  called(bench);
  return bench;
}

test('CR-155: what is a list, and what is none', () => {
  const good = ['', '10.0.0.2:1883', 'a:1', 'a:65535', LIST, 'x-1.example:1883 x-1.example:1883'];
  const bad = [
    ' ',
    'a',
    'a:',
    ':1883',
    'a:0',
    'a:65536',
    'a:-1',
    'a:1883 ',
    ' a:1883',
    'a:1883  b:1883',
    'a:1883,b:1883',
    'a:01883',
    'a:1883x',
    'a:1e3',
    'a:18.5',
    'a:+1883',
    'a 1883',
    'a:1883 b',
    'a:1883:1884',
  ];
  for (const list of good) assert.is(areBrokers(list), true, `"${list}"`);
  for (const list of bad) assert.is(areBrokers(list), false, `"${list}"`);
});

test('CR-155: another list begins with its first; the same changes nothing; none is the one given', () => {
  const link = { settings: { host: '10.0.0.1', port: 1883 }, brokers: '', brokerAt: 0 } as Link;
  assert.is(useBrokers(link, ''), true);
  assert.equal(brokerNow(link), { host: '10.0.0.1', port: 1883 });
  assert.is(useBrokers(link, '10.0.0.1:1883'), false, 'the one that was provisioned');
  assert.is(useBrokers(link, LIST), true);
  link.brokerAt = 4;
  assert.equal(brokerNow(link), { host: '10.0.0.3', port: 1885 }, 'round and round');
  assert.is(useBrokers(link, LIST), false);
  assert.is(link.brokerAt, 4);
  assert.is(useBrokers(link, ''), true);
  assert.equal(brokerNow(link), { host: '10.0.0.1', port: 1883 });
});

test('CR-155: new brokers are tried from the first on, also from within a session', () => {
  const bench = new Bench().opened();
  bench.ports.net.manner = 'refuses';
  bench.configure({ brokers: LIST });
  bench.ports.clock.advance(20000);
  assert.equal(called(bench).slice(0, 4), [...LIST.split(' '), '10.0.0.2:1884']);
});

test('CR-155: the next after one that refuses, hangs, or has no session to give', () => {
  const bench = given(LIST);
  const { net, clock } = bench.ports;
  net.manner = 'refuses';
  net.far.drop();
  clock.advance(1500);
  assert.equal(called(bench), ['10.0.0.2:1884'], 'after a session that ended, the first');
  net.manner = 'hangs';
  clock.advance(2500);
  assert.equal(called(bench), ['10.0.0.3:1885']);
  net.manner = 'opens';
  net.onPacket = (far, packet) => {
    if (packet.cmd === 'connect') far.say({ cmd: 'connack', returnCode: 5, sessionPresent: false });
  };
  clock.advance(15000);
  assert.is(called(bench)[0], 'broker.example:8883');
});

test('CR-155: after a session at another broker, the first again', () => {
  const bench = given(LIST);
  const { net, clock } = bench.ports;
  net.manner = 'refuses';
  net.far.drop();
  clock.advance(1500);
  net.manner = 'opens';
  net.onPacket = obliging;
  clock.advance(3000);
  assert.equal(called(bench), ['10.0.0.2:1884', '10.0.0.3:1885']);
  bench.hello();
  clock.advance(600000);
  assert.equal(called(bench), [], 'it stays where it is heard');
  net.far.drop();
  clock.advance(1500);
  assert.equal(called(bench), ['10.0.0.2:1884']);
});

test('CR-091, CR-155: for a day all of them in turn, and no others', () => {
  const bench = given(LIST);
  bench.ports.net.manner = 'refuses';
  bench.ports.net.far.drop();
  for (let hour = 0; hour < 24; hour++) bench.ports.clock.advance(3600000);
  const calls = called(bench);
  assert.ok(calls.length > 2000);
  const list = LIST.split(' ');
  calls.forEach((call, i) => assert.is(call, list[i % list.length]));
  assert.is(bench.ports.system.restarts, 0);
});

test.run();
