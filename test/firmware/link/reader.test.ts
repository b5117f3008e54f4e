/** The reader cuts a stream into packets however TCP split it, and never keeps more than it may. */
import fc from 'fast-check';
import { generate } from 'mqtt-packet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  Found,
  MAX_PACKET_BYTES,
  createReader,
  feedReader,
  nextPacket,
  restOf,
  type PacketReader,
} from '../../../firmware/link/reader.js';

const SEED = 20260801;

/** Longest head: the first byte and a length of four. */
const MAX_HEAD_BYTES = 5;

interface Cut {
  first: number;
  rest: string;
  whole: boolean;
}

function collector(): { reader: PacketReader; packets: Cut[] } {
  return { reader: createReader(), packets: [] };
}

/** Takes bytes and every packet that is whole with them; false if they cannot be MQTT. */
function feed(
  { reader, packets }: { reader: PacketReader; packets: Cut[] },
  bytes: string,
): boolean {
  feedReader(reader, bytes);
  let found = nextPacket(reader);
  while (found === Found.packet) {
    packets.push({ first: reader.first, rest: restOf(reader), whole: reader.whole });
    found = nextPacket(reader);
  }
  return found === Found.none;
}

/** A packet whose rest has this many bytes, each of which tells where it stands. */
function packetOf(size: number, first = 0x32): string {
  let head = String.fromCharCode(first);
  let length = size;
  do {
    head += String.fromCharCode((length % 128) + (length > 127 ? 128 : 0));
    length = Math.floor(length / 128);
  } while (length > 0);
  return head + bytesOf(size);
}

function bytesOf(size: number): string {
  let rest = '';
  for (let i = 0; i < size; i++) rest += String.fromCharCode((i * 7) & 255);
  return rest;
}

function expectedOf(sizes: readonly number[]): Cut[] {
  return sizes.map((size) => ({
    first: 0x32,
    rest: bytesOf(size).substring(0, MAX_PACKET_BYTES),
    whole: size <= MAX_PACKET_BYTES,
  }));
}

const anySize = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.constantFrom(0, 127, 128, MAX_PACKET_BYTES - 1, MAX_PACKET_BYTES, MAX_PACKET_BYTES + 1),
  fc.integer({ min: 400, max: 20000 }),
);

test('any split of any stream gives the same packets, and the tail stays short', () => {
  const streams = fc.array(anySize, { maxLength: 8 });
  const cuts = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 40 });
  const property = fc.property(streams, cuts, (sizes, steps) => {
    const stream = sizes.map((size) => packetOf(size)).join('');
    const cut = collector();
    const { reader, packets } = cut;
    for (let at = 0, i = 0; at < stream.length; i++) {
      const step = steps[i % steps.length] as number;
      assert.ok(feed(cut, stream.substring(at, at + step)));
      assert.ok(reader.bytes.length < MAX_PACKET_BYTES + MAX_HEAD_BYTES, 'the tail is bounded');
      at += step;
    }
    assert.equal(packets, expectedOf(sizes));
    assert.is(reader.bytes, '');
    assert.is(reader.toSkip, 0);
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
});

test('byte by byte', () => {
  const sizes = [0, 3, 127, 128, 200, 399, 400, 401, 3000, 0];
  const cut = collector();
  const { packets } = cut;
  for (const byte of sizes.map((size) => packetOf(size)).join('')) {
    assert.ok(feed(cut, byte));
  }
  assert.equal(packets, expectedOf(sizes));
});

test('split within the length header', () => {
  for (const size of [200, 16384, 2097152]) {
    const bytes = packetOf(size);
    for (let at = 1; at <= 4; at++) {
      const cut = collector();
      const { packets } = cut;
      assert.ok(feed(cut, bytes.substring(0, at)));
      assert.is(packets.length, 0);
      assert.ok(feed(cut, bytes.substring(at)));
      assert.ok(feed(cut, packetOf(5)));
      assert.equal(packets, expectedOf([size, 5]), `length ${size} split after ${at} bytes`);
    }
  }
});

test('200 packets in one chunk', () => {
  const sizes = Array.from({ length: 200 }, (_, i) => i % 50);
  const cut = collector();
  const { packets } = cut;
  assert.ok(feed(cut, sizes.map((size) => packetOf(size)).join('')));
  assert.equal(packets, expectedOf(sizes));
});

test('packets of MAX_PACKET_BYTES - 1, 0 and + 1, of 3 kB and of 3 MB', () => {
  for (const size of [399, 400, 401, 3000, 3000000]) {
    const cut = collector();
    const { reader, packets } = cut;
    const stream = packetOf(size) + packetOf(9);
    for (let at = 0; at < stream.length; at += 536) {
      assert.ok(feed(cut, stream.substring(at, at + 536)));
      assert.ok(reader.bytes.length < MAX_PACKET_BYTES + MAX_HEAD_BYTES);
    }
    assert.equal(packets, expectedOf([size, 9]), `a packet of ${size}, and the next one`);
  }
});

test('an oversized packet is handed on as soon as its beginning is there', () => {
  const cut = collector();
  const { reader, packets } = cut;
  assert.ok(feed(cut, packetOf(3000).substring(0, 3 + MAX_PACKET_BYTES)));
  assert.is(packets.length, 1);
  assert.is(packets[0]?.whole, false);
  assert.is(reader.toSkip, 3000 - MAX_PACKET_BYTES);
  assert.is(reader.bytes, '');
});

test('a length of five bytes, or one that adds nothing, is not MQTT', () => {
  for (const bad of [
    '\x30\x80\x80\x80\x80\x01',
    '\x30\xff\xff\xff\xff',
    '\x30\x80\x00',
    '\x30\xff\x80\x00',
  ]) {
    assert.not.ok(feed(collector(), bad), JSON.stringify(bad));
    assert.not.ok(feed(collector(), packetOf(4) + bad));
  }
});

test('garbage of any kind neither throws nor grows', () => {
  const property = fc.property(fc.array(fc.uint8Array({ maxLength: 700 })), (chunks) => {
    const cut = collector();
    const { reader } = cut;
    for (const chunk of chunks) {
      if (!feed(cut, Buffer.from(chunk).toString('latin1'))) return;
      assert.ok(reader.bytes.length < MAX_PACKET_BYTES + MAX_HEAD_BYTES);
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
});

test('what mqtt-packet writes is cut where it ends', () => {
  const publish = generate({
    cmd: 'publish',
    topic: 'cr/1/unit/x/down',
    payload: Buffer.alloc(275, 0xff),
    messageId: 7,
    qos: 1,
    retain: false,
    dup: false,
  }).toString('latin1');
  const connack = generate({ cmd: 'connack', returnCode: 0, sessionPresent: false });
  const cut = collector();
  const { packets } = cut;
  assert.ok(feed(cut, connack.toString('latin1') + publish));
  assert.is(packets.length, 2);
  assert.equal(packets[0], { first: 0x20, rest: '\x00\x00', whole: true });
  assert.ok(packets[1]?.whole, 'the longest envelope on the longest topic is kept whole');
});

test.run();
