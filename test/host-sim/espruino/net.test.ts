/** Sockets: byte strings, pieces, blocking, and the one signal of the end. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bootStandIn, FakeConnection, type StandIn } from './stand-in.js';

/** Joins the WiFi, then connects, and notes what the socket tells. */
const CONNECT = `
  require('Wifi').connect('vehicle', { password: 'x' }, function () {
    var socket = require('net').connect({ host: '10.0.0.1', port: 1883 }, function () { seen.push('connected'); });
    seen.push('called');
    socket.on('data', function (d) { seen.push('data ' + d.length); });
    socket.on('data', function (d) { throw new Error('bad listener'); });
    socket.on('end', function () { seen.push('end'); });
    socket.on('close', function () { seen.push('close'); });
    api.socket = socket;
  });
`;

async function bootConnecting(more = ''): Promise<StandIn & { far: FakeConnection }> {
  const far = new FakeConnection();
  const unit = await bootStandIn(more + CONNECT, {
    dial: (host, port) => {
      assert.equal([host, port], ['10.0.0.1', 1883]);
      return far;
    },
  });
  await unit.run(4000);
  return { ...unit, far };
}

test('connecting holds back every callback until TCP answers, then runs them late', async () => {
  const unit = await bootConnecting(`
    setTimeout(function () { seen.push('timer ' + Math.round(getTime())); }, 5000);
    setWatch(function () { seen.push('watch'); }, new Pin('D13'), { repeat: true, edge: 'both', debounce: 25 });
    Serial2.setup(9600, {});
    Serial2.on('data', function (d) { seen.push('serial ' + d); });
  `);
  assert.equal(unit.seen(), ['called'], 'what stands after connect runs at once');
  await unit.run(1000);
  unit.host.feedSerial('abc');
  unit.host.setInput('D13', false);
  await unit.run(5000);
  assert.equal(unit.seen(), ['called']);
  unit.far.events?.onOpen();
  assert.equal(unit.seen(), ['called', 'timer 10', 'serial abc', 'watch', 'connected']);
});

test('refused at once: connect throws', async () => {
  const unit = await bootStandIn(`
    require('Wifi').connect('vehicle', { password: 'x' }, function () {
      try { require('net').connect({ host: '10.0.0.1', port: 1 }, function () {}); }
      catch (e) { seen.push(e.message); }
    });
  `);
  await unit.run(4000);
  assert.equal(unit.seen(), ['Unable to create socket']);
});

test('without WiFi connect throws', async () => {
  const unit = await bootStandIn(
    `try { require('net').connect({ host: '10.0.0.1', port: 1 }); } catch (e) { seen.push(e.message); }`,
    { dial: () => new FakeConnection() },
  );
  assert.equal(unit.seen(), ['Unable to create socket']);
});

test('refused late: the callbacks run again, and close is the only signal', async () => {
  const unit = await bootConnecting();
  unit.far.events?.onClose();
  assert.equal(unit.seen(), ['called', 'end', 'close']);
});

test('writes bytes, and an array as text; what is written early waits for the connection', async () => {
  const unit = await bootConnecting();
  assert.is(unit.host.evaluate(`unit.socket.write('a\\xff\\u20acb')`), false);
  assert.is(unit.far.written, '');
  unit.far.events?.onOpen();
  assert.is(unit.far.written, 'a\xff\xacb');
  unit.host.evaluate(`unit.socket.write(new Uint8Array([1, 2, 3]))`);
  assert.is(unit.far.written, 'a\xff\xacb1,2,3');
});

test('data comes in pieces of at most 536 bytes, to every listener, even if one throws', async () => {
  const unit = await bootConnecting();
  unit.far.events?.onOpen();
  unit.far.events?.onData('x'.repeat(1200));
  unit.far.events?.onClose();
  assert.equal(unit.seen(), [
    'called',
    'connected',
    'data 536',
    'data 536',
    'data 128',
    'end',
    'close',
  ]);
  assert.equal(
    unit.events.map((event) => event.kind),
    ['uncaught', 'uncaught', 'uncaught'],
  );
});

test('a closed socket cannot be written to, and its end is told once', async () => {
  const unit = await bootConnecting();
  unit.far.events?.onOpen();
  unit.host.evaluate(`unit.socket.end()`);
  assert.is(unit.far.closed, true);
  assert.equal(unit.seen(), ['called', 'connected', 'end', 'close']);
  assert.throws(() => unit.host.evaluate(`unit.socket.write('x')`), 'This socket is closed');
  assert.is(unit.host.evaluate(`unit.socket.end()`), undefined);
  assert.is(unit.seen().length, 4);
});

test('after a power cut no handler runs, and the far end hears nothing', async () => {
  const unit = await bootConnecting();
  unit.far.events?.onOpen();
  const seen = unit.host.evaluate('unit.seen') as unknown[];
  unit.host.cutPower();
  unit.far.events?.onData('x');
  unit.far.events?.onClose();
  assert.is(seen.length, 2);
  assert.is(unit.far.vanished, true);
  assert.is(unit.far.closed, false);
});

test("a lost WiFi closes the unit's end only", async () => {
  const unit = await bootConnecting();
  unit.far.events?.onOpen();
  unit.host.setWifi(false);
  assert.equal(unit.seen(), ['called', 'connected', 'end', 'close']);
  assert.is(unit.far.vanished, true);
});

test('there are ten sockets', async () => {
  const unit = await bootStandIn(
    `
    require('Wifi').connect('vehicle', {}, function () {
      try { for (var i = 0; i < 11; i++) require('net').connect({ host: 'h', port: 1 }); }
      catch (e) { seen.push(i); }
    });`,
    { dial: () => new FakeConnection() },
  );
  await unit.run(4000);
  assert.equal(unit.seen(), [10]);
});

test.run();
