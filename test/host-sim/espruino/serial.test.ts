/** The serial line: pieces of bytes, and what is lost when nobody takes them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bootStandIn, FakeConnection } from './stand-in.js';

test('gives at most 64 bytes at a time, as byte strings', async () => {
  const unit = await bootStandIn(`
    Serial2.setup(9600, { rx: new Pin('D16'), tx: new Pin('D17') });
    Serial2.on('data', function (d) { seen.push(d); });
  `);
  unit.host.feedSerial('\xff'.repeat(130));
  assert.equal(unit.seen(), ['\xff'.repeat(64), '\xff'.repeat(64), '\xff\xff']);
});

test('bytes before setup are lost; without a listener 512 are kept and the rest is flagged', async () => {
  const unit = await bootStandIn('');
  unit.host.feedSerial('lost');
  unit.host.evaluate(`Serial2.setup(9600, {})`);
  unit.host.feedSerial('x'.repeat(600));
  assert.equal(structuredClone(unit.host.evaluate('E.getErrorFlags()')), ['BUFFER_FULL']);
  assert.equal(structuredClone(unit.host.evaluate('E.getErrorFlags()')), []);
  unit.host.evaluate(`Serial2.on('data', function (d) { unit.seen.push(d.length); })`);
  assert.equal(unit.seen(), Array(8).fill(64));
});

test('while the interpreter is blocked, 5120 bytes are kept and the rest is lost silently', async () => {
  const far = new FakeConnection();
  const unit = await bootStandIn(
    `
    var total = 0;
    Serial2.setup(9600, {});
    Serial2.on('data', function (d) { total += d.length; });
    api.total = function () { return total; };
    require('Wifi').connect('vehicle', {}, function () { require('net').connect({ host: 'h', port: 1 }); });`,
    { dial: () => far },
  );
  await unit.run(4000);
  for (let i = 0; i < 100; i++) unit.host.feedSerial('y'.repeat(60));
  assert.is(unit.host.evaluate('unit.total()'), 0);
  far.events?.onOpen();
  assert.is(unit.host.evaluate('unit.total()'), 5120);
  assert.equal(structuredClone(unit.host.evaluate('E.getErrorFlags()')), []);
});

test.run();
