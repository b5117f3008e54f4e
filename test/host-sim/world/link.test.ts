/** The radio: delay, stalls, closed and half-open connections; and the in-memory pipe. */
import type { Duplex } from 'node:stream';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import type { Connection } from '../../../host-sim/world/connection.js';
import { createRadioLink, type RadioLinkOptions } from '../../../host-sim/world/link.js';
import { createPipe } from '../../../host-sim/world/pipe.js';
import { Random } from '../../../host-sim/world/random.js';

/** A link to a far end that is kept, and what both ends saw with its time. */
function createWorld(pace: Partial<RadioLinkOptions> = {}) {
  const clock = new SimulatedClock(0);
  const seen: string[] = [];
  const note = (what: string) => seen.push(`${Math.round(clock.nowMs())} ${what}`);
  const far: Duplex[] = [];
  const broker = {
    attach: (stream: Duplex) => {
      far.push(stream);
      note('reached');
      stream.on('data', (bytes: Buffer) => note(`far ${bytes.toString('latin1')}`));
      stream.on('close', () => note('far closed'));
    },
  };
  const heard = () => note('heard');
  const link = createRadioLink(clock, new Random(1), {
    broker: { ...broker, heard },
    latencyMs: [50, 50],
    ...pace,
  });
  const dial = () => {
    const connection = link.dial('broker', 1883) as Connection;
    connection.listen({
      onOpen: () => note('open'),
      onData: (bytes) => note(`near ${bytes}`),
      onClose: () => note('near closed'),
    });
    return connection;
  };
  return { clock, link, seen, far, dial };
}

test('connecting takes there and back, bytes take one way each', async () => {
  const { clock, seen, far, dial } = createWorld();
  const connection = dial();
  await clock.runUntil(200);
  connection.write('\xffup');
  await clock.runUntil(300);
  far[0]?.write(Buffer.from('down'));
  await clock.runUntil(400);
  assert.equal(seen, ['50 reached', '100 open', '250 far \xffup', '350 near down']);
});

const PONG = { text: 'pong', isEnough: true };

test('a sure answer comes there and back later, though the far end hears late, and is only told', async () => {
  let slotMs = 1000;
  const sureAnswerTo = (bytes: string) => (bytes === 'ping' ? PONG : null);
  const { clock, link, seen, far, dial } = createWorld({ slotMs: () => slotMs, sureAnswerTo });
  const connection = dial();
  await clock.runUntil(2000);
  connection.write('ping');
  await clock.runUntil(3500);
  far[0]?.write(Buffer.from('other'));
  await clock.runUntil(4000);
  assert.equal(seen.slice(2), ['2100 near pong', '3000 heard', '3550 near other']);
  // Through the air at any time, or through none, the far end alone answers.
  slotMs = 0;
  connection.write('ping');
  await clock.runUntil(4500);
  slotMs = 1000;
  link.setUp(false);
  connection.write('ping');
  await clock.runUntil(6000);
  assert.equal(seen.slice(5), ['4050 far ping']);
});

test('an answer that the far end gives too is had once; in other company it comes again', async () => {
  const sureAnswerTo = (bytes: string) => ({ text: `<${bytes}>`, isEnough: false });
  const { clock, seen, far, dial } = createWorld({ slotMs: () => 1000, sureAnswerTo });
  const connection = dial();
  await clock.runUntil(2000);
  connection.write('a');
  connection.write('b');
  await clock.runUntil(3000);
  assert.equal(seen.slice(2), ['2100 near <a>', '2100 near <b>', '3000 far a', '3000 far b']);
  far[0]?.write(Buffer.from('<a>'));
  await clock.runUntil(3500);
  far[0]?.write(Buffer.from('<a>'));
  far[0]?.write(Buffer.from('more and <b>'));
  await clock.runUntil(4000);
  far[0]?.write(Buffer.from('<b>'));
  await clock.runUntil(5000);
  assert.equal(seen.slice(6), ['3550 near <a>', '3550 near more and <b>', '4050 near <b>']);
});

test('what had arrived when the air went is heard then; what was on its way is lost', async () => {
  const { clock, link, seen, dial } = createWorld({ slotMs: () => 1000 });
  const connection = dial();
  await clock.runUntil(2100);
  connection.write('there');
  clock.after(160, () => connection.write('on its way'));
  await clock.runUntil(2300);
  link.setUp(false);
  link.setUp(true);
  await clock.runUntil(4000);
  assert.equal(seen.slice(2), ['2300 far there', '3000 far on its way']);
  connection.write('there too');
  clock.after(160, () => connection.write('lost'));
  await clock.runUntil(4200);
  link.setUp(false);
  await clock.runUntil(6000);
  assert.equal(seen.slice(4), ['4200 far there too']);
});

test('what is said without a slot brings what waited for the end of one', async () => {
  let slotMs = 1000;
  const { clock, seen, dial } = createWorld({ slotMs: () => slotMs });
  const connection = dial();
  await clock.runUntil(2100);
  connection.write('waits');
  await clock.runUntil(2200);
  slotMs = 0;
  connection.write('urgent');
  await clock.runUntil(4000);
  assert.equal(seen.slice(2), ['2250 far waits', '2250 far urgent']);
});

test('each end hears when the other closes, after what it sent', async () => {
  const { clock, seen, far, dial } = createWorld();
  const [first, second] = [dial(), dial()];
  await clock.runUntil(200);
  first.write('last');
  first.close();
  far[1]?.end('bye');
  await clock.runUntil(400);
  assert.equal(seen.slice(4).sort(), [
    '200 far closed',
    '250 far closed',
    '250 far last',
    '250 near bye',
    '250 near closed',
  ]);
  second.write('into nothing');
  await clock.runUntil(1000);
});

test('bytes of one connection stay in order, whatever their delays', async () => {
  const clock = new SimulatedClock(0);
  let text = '';
  const broker = { attach: (stream: Duplex) => void stream.on('data', (bytes) => (text += bytes)) };
  const link = createRadioLink(clock, new Random(2), { broker, latencyMs: [10, 500] });
  const connection = link.dial('broker', 1883) as Connection;
  connection.listen({ onOpen: () => {}, onData: () => {}, onClose: () => {} });
  await clock.runUntil(2000);
  for (let i = 0; i < 20; i++) connection.write(`${i},`);
  await clock.runUntil(4000);
  assert.is(text, Array.from({ length: 20 }, (_, i) => `${i},`).join(''));
});

test('down is a black hole: what lost bytes stays half-open, what was silent goes on', async () => {
  const { clock, link, seen, far, dial } = createWorld();
  const [lossy, silent] = [dial(), dial()];
  await clock.runUntil(200);
  link.setUp(false);
  lossy.write('lost');
  await clock.runUntil(1000);
  link.setUp(true);
  lossy.write('never');
  silent.write('kept');
  far[0]?.write('down');
  await clock.runUntil(60_000);
  assert.equal(seen.slice(4), ['1050 far kept', '1050 near down']);
});

test('connecting through a dead link fails after 20 s', async () => {
  const { clock, link, seen, dial } = createWorld();
  link.setUp(false);
  dial();
  await clock.runUntil(60_000);
  assert.equal(seen, ['20000 near closed']);
});

test('a stall delays, in order', async () => {
  const { clock, link, seen, far, dial } = createWorld();
  const connection = dial();
  await clock.runUntil(200);
  link.setStalled(true);
  connection.write('a');
  connection.write('b');
  far[0]?.write('c');
  connection.close();
  await clock.runUntil(5000);
  assert.is(seen.length, 2);
  link.setStalled(false);
  await clock.runUntil(6000);
  assert.equal(seen.slice(2), ['5000 far a', '5000 far b', '5000 far closed']);
});

test('drop closes both ends', async () => {
  const { clock, link, seen, dial } = createWorld();
  dial();
  await clock.runUntil(200);
  link.drop();
  await clock.runUntil(1000);
  assert.equal(seen.slice(2).sort(), ['200 far closed', '200 near closed']);
});

test('a unit that vanished leaves its far end open', async () => {
  const { clock, seen, far, dial } = createWorld();
  const connection = dial();
  await clock.runUntil(200);
  connection.vanish();
  far[0]?.write('anyone?');
  await clock.runUntil(60_000);
  assert.is(seen.length, 2);
  assert.is(far[0]?.destroyed, false);
});

test('a pipe carries bytes both ways after its latency, and the end', async () => {
  const clock = new SimulatedClock(0);
  const [near, far] = createPipe(clock, 5);
  const seen: string[] = [];
  far.on('data', (bytes: Buffer) => seen.push(`${clock.nowMs()} ${bytes}`));
  far.on('close', () => seen.push(`${clock.nowMs()} closed`));
  near.resume();
  near.cork();
  near.write('one ');
  near.write('piece');
  near.uncork();
  await clock.runUntil(100);
  near.end('last');
  await clock.runUntil(200);
  assert.equal(seen, ['5 one piece', '105 last', '105 closed']);
  assert.is(near.destroyed, true);
});

test.run();
