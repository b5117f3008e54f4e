/** Every packet that the unit writes, byte for byte as mqtt-packet writes it and reads it. */
import { generate, parser, type Packet } from 'mqtt-packet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  PINGREQ,
  connectPacket,
  pubackPacket,
  publishPacket,
  subscribePacket,
  type ConnectOptions,
} from '../../../firmware/link/packets.js';
import { bytesOfId } from './packet-id.js';

/** Lengths around every step of MQTT's remaining length (2.2.3). */
const LENGTHS = [0, 1, 127, 128, 129, 16383, 16384, 16385];

const connect: ConnectOptions = {
  clientId: 'MP-0042',
  user: 'MP-0042',
  password: 'secret',
  keepAliveS: 30,
  willTopic: 'cr/1/unit/MP-0042/state',
  willPayload: '\x00\xff will',
};

function bytesOf(packet: Packet): string {
  return generate(packet).toString('latin1');
}

function read(bytes: string): Packet {
  const packets: Packet[] = [];
  const mqtt = parser();
  mqtt.on('packet', (packet: Packet) => packets.push(packet));
  assert.is(mqtt.parse(Buffer.from(bytes, 'latin1')), 0, 'no byte is left over');
  assert.is(packets.length, 1);
  return packets[0] as Packet;
}

/** mqtt-packet's account of a connect packet. */
function expectedConnect(options: ConnectOptions): Packet {
  const login =
    options.user === ''
      ? {}
      : { username: options.user, password: Buffer.from(options.password, 'latin1') };
  return {
    cmd: 'connect',
    protocolId: 'MQTT',
    protocolVersion: 4,
    clean: false,
    clientId: options.clientId,
    keepalive: options.keepAliveS,
    will: {
      topic: options.willTopic,
      payload: Buffer.from(options.willPayload, 'latin1'),
      qos: 1,
      retain: true,
    },
    ...login,
  };
}

test('CONNECT has a retained QoS 1 will, a persistent session and the login', () => {
  assert.is(connectPacket(connect), bytesOf(expectedConnect(connect)));
});

test('CONNECT without a user has no password either', () => {
  const anonymous = { ...connect, user: '', password: 'left over' };
  assert.is(connectPacket(anonymous), bytesOf(expectedConnect(anonymous)));
});

test('CONNECT with an empty password is a login all the same', () => {
  const packet = read(connectPacket({ ...connect, password: '' }));
  assert.is(packet.cmd === 'connect' && packet.username, 'MP-0042');
  assert.is(packet.cmd === 'connect' && packet.password?.length, 0);
});

test('CONNECT takes a will of any length, and the greatest keep-alive', () => {
  for (const length of LENGTHS) {
    const options = { ...connect, keepAliveS: 65535, willPayload: '\x80'.repeat(length) };
    assert.is(connectPacket(options), bytesOf(expectedConnect(options)), 'length ' + length);
  }
});

test('SUBSCRIBE asks for QoS 1 on every topic', () => {
  for (const topics of [['a'], ['cr/1/unit/x/down', 'cr/1/control/state']]) {
    const expected = bytesOf({
      cmd: 'subscribe',
      messageId: 65535,
      subscriptions: topics.map((topic) => ({ topic, qos: 1 as const })),
    });
    assert.is(subscribePacket(65535, topics), expected);
  }
});

test('PUBLISH at every length, retained or not, first time or repeated', () => {
  for (const length of LENGTHS) {
    for (const retain of [false, true]) {
      for (const dup of [false, true]) {
        const payload = '\xc3'.repeat(length);
        const bytes = publishPacket('cr/1/unit/x/up', 258, payload, retain, dup);
        const expected: Packet = {
          cmd: 'publish',
          topic: 'cr/1/unit/x/up',
          payload: Buffer.from(payload, 'latin1'),
          messageId: 258,
          qos: 1,
          retain,
          dup,
        };
        assert.is(bytes, bytesOf(expected), `${length} bytes, retain ${retain}, dup ${dup}`);
      }
    }
  }
});

test('a remaining length of exactly 127, 128, 16383 and 16384 is read back', () => {
  const overhead = 2 + 'topic'.length + 2;
  for (const remaining of [overhead, 127, 128, 16383, 16384]) {
    const payload = 'x'.repeat(remaining - overhead);
    const packet = read(publishPacket('topic', 1, payload, false, false));
    assert.is(packet.cmd === 'publish' && packet.length, remaining);
    assert.is(packet.cmd === 'publish' && packet.payload.toString(), payload);
  }
});

test('PUBACK and PINGREQ', () => {
  for (const messageId of [1, 255, 256, 65535]) {
    assert.is(pubackPacket(bytesOfId(messageId)), bytesOf({ cmd: 'puback', messageId }));
  }
  assert.is(PINGREQ, bytesOf({ cmd: 'pingreq' }));
});

test.run();
