/** Packets whose answer is known before the broker gives it, held against a published MQTT library. */
import fc from 'fast-check';
import { generate, type Packet } from 'mqtt-packet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sureAnswerTo } from '../../../host-sim/broker/sure-answers.js';

const SEED = 20170710;
const bytesOf = (packet: Packet) => generate(packet).toString('latin1');

test('a PINGREQ has a PINGRESP for an answer, and that is enough', () => {
  const answer = { text: bytesOf({ cmd: 'pingresp' }), isEnough: true };
  assert.equal(sureAnswerTo(bytesOf({ cmd: 'pingreq' })), answer);
});

test('a PUBLISH at QoS 1, alone and whole, has its PUBACK; any other bytes have none', () => {
  const publish = fc.record({
    cmd: fc.constant('publish' as const),
    topic: fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' }),
    payload: fc.nat({ max: 300 }).map((size) => Buffer.alloc(size, 0xff)),
    messageId: fc.integer({ min: 1, max: 65535 }),
    qos: fc.constantFrom(0 as const, 1 as const, 2 as const),
    dup: fc.boolean(),
    retain: fc.boolean(),
  });
  fc.assert(
    fc.property(publish, (packet) => {
      const bytes = bytesOf({ ...packet, dup: packet.dup && packet.qos > 0 });
      const puback = bytesOf({ cmd: 'puback', messageId: packet.messageId });
      const answer = packet.qos === 1 ? { text: puback, isEnough: false } : null;
      assert.equal(sureAnswerTo(bytes), answer);
      assert.is(sureAnswerTo(bytes.slice(0, -1)), null);
      assert.is(sureAnswerTo(bytes + bytes), null);
    }),
    { seed: SEED },
  );
});

test('no answer to what only begins like one', () => {
  const others = ['', '2', '\xc0', '2\xff\xff\xff\xff\x01', bytesOf({ cmd: 'disconnect' })];
  for (const bytes of others) assert.is(sureAnswerTo(bytes), null);
});

test.run();
