/** Wrapping and unwrapping, and the seam for sealing. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostBytes, type Bytes } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import { unsealed, unwrap, wrap, type Sealer } from '../../protocol/envelope.js';
import { encodeEnvelope, type Envelope } from '../../protocol/generated/envelope.js';
import {
  MAX_BODY_BYTES,
  MAX_ENVELOPE_BYTES,
  MAX_MESSAGE_BYTES,
  PROTOCOL_VERSION,
} from '../../protocol/limits.js';
import { downTopic } from '../../protocol/topics.js';
import { fromHex, rawMessage, vectorsOf } from './tables.js';
import { envelope as table } from '../../protocol/envelope-table.js';

const TOPIC = downTopic('U1');
const golden = vectorsOf(table)[0]!;
const plain: Envelope = {
  version: PROTOCOL_VERSION,
  keyId: 0,
  epoch: 17,
  sequence: 1,
  body: 'body',
  tag: '',
};

function opened(changes: Partial<Envelope>, sealer = unsealed): Envelope | number {
  const payload = encodeEnvelope({ ...plain, ...changes }, hostBytes);
  assert.is.not(payload, '');
  return unwrap(hostBytes, sealer, TOPIC, payload);
}

/** Pads and tags as sealing will: the sizes are real, the secrecy is not. */
const padding: Sealer = {
  keyId: 7,
  seal(envelope, topic) {
    const pad = 16 - (envelope.body.length % 16);
    envelope.body += String.fromCharCode(pad).repeat(pad);
    envelope.tag = topic.padEnd(16).slice(-16);
  },
  open(envelope, topic) {
    if (envelope.keyId !== 7) return Refusal.unknownKey;
    if (envelope.tag !== topic.padEnd(16).slice(-16)) return Refusal.wrongTopic;
    const pad = envelope.body.charCodeAt(envelope.body.length - 1);
    envelope.body = envelope.body.slice(0, -pad);
    return Refusal.none;
  },
};

function openAny(envelope: Envelope): number {
  envelope.body = envelope.body.slice(0, MAX_MESSAGE_BYTES);
  return Refusal.none;
}

test('an unsealed message comes out as it went in, with epoch and sequence (CR-021, CR-022)', () => {
  const body = String(golden.message['body']);
  const payload = wrap(hostBytes, unsealed, TOPIC, 17, 1, body);
  assert.is(payload, golden.bytes);
  assert.equal(unwrap(hostBytes, unsealed, TOPIC, payload), golden.message);
});

test('any version but 1 is refused, before anything is said of its key (CR-020)', () => {
  assert.is(PROTOCOL_VERSION, 1);
  for (let version = 0; version < 256; version++) {
    const result = opened({ version, keyId: version === 1 ? 0 : 9 });
    if (version === 1) assert.is((result as Envelope).body, 'body');
    else assert.is(result, Refusal.wrongVersion);
  }
});

test('a key id without a key is refused, and an unsealed envelope with a tag (CR-021)', () => {
  for (let keyId = 1; keyId < 256; keyId++) assert.is(opened({ keyId }), Refusal.unknownKey);
  assert.is(opened({ tag: 'x' }), Refusal.unknownKey);
});

test('epoch and sequence never make an unsealed message be refused (CR-027)', () => {
  for (const number of [0, 1, 0xffffffff]) {
    assert.type(opened({ epoch: number, sequence: number }), 'object');
  }
});

test('MAX_MESSAGE_BYTES − 1, MAX_MESSAGE_BYTES, and one more (CR-025)', () => {
  for (const sealer of [unsealed, padding]) {
    for (const size of [MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES]) {
      const body = 'x'.repeat(size);
      const payload = wrap(hostBytes, sealer, TOPIC, 1, 1, body);
      assert.is((unwrap(hostBytes, sealer, TOPIC, payload) as Envelope).body, body);
    }
    assert.is(wrap(hostBytes, sealer, TOPIC, 1, 1, 'x'.repeat(MAX_MESSAGE_BYTES + 1)), '');
  }
  assert.is(wrap(hostBytes, unsealed, TOPIC, 1, 1, ''), '');
  assert.is(opened({ body: 'x'.repeat(MAX_BODY_BYTES) }), Refusal.tooLong);
});

test('MAX_ENVELOPE_BYTES − 1, MAX_ENVELOPE_BYTES, and one more (CR-025)', () => {
  const longest = vectorsOf(table).find(({ name }) => name === 'greatest')!.message;
  const takes: Sealer = { ...unsealed, open: () => Refusal.none };
  const full = rawMessage(table, longest);
  assert.is(full.length, MAX_ENVELOPE_BYTES);
  // It may be read, but its body is longer than a message may be once it is opened.
  assert.is(unwrap(hostBytes, takes, TOPIC, full), Refusal.tooLong);
  const opens: Sealer = { ...padding, open: openAny };
  assert.type(unwrap(hostBytes, opens, TOPIC, full), 'object');
  const body = String(longest['body']).slice(0, MAX_MESSAGE_BYTES);
  const oneLess = rawMessage(table, { ...longest, body });
  assert.is(oneLess.length, MAX_ENVELOPE_BYTES - 1);
  assert.type(unwrap(hostBytes, takes, TOPIC, oneLess), 'object');
  const appended = rawMessage(table, { ...longest, body }, ['\x00']);
  assert.is(appended.length, MAX_ENVELOPE_BYTES);
  assert.type(unwrap(hostBytes, takes, TOPIC, appended), 'object');
  const oneMore = rawMessage(table, { ...longest, body }, ['\x00', '\x00']);
  assert.is(unwrap(hostBytes, takes, TOPIC, oneMore), Refusal.tooLong);
});

test('an envelope that is too long is refused before it is opened (CR-025)', () => {
  const untouched: Bytes = {
    ...hostBytes,
    toBuffer: () => {
      throw new Error('opened');
    },
  };
  const payload = '\x98'.repeat(MAX_ENVELOPE_BYTES + 1);
  assert.is(unwrap(untouched, unsealed, TOPIC, payload), Refusal.tooLong);
});

test('a sealer replaces body and tag and is bound to the topic (CR-023)', () => {
  for (let size = 1; size <= MAX_MESSAGE_BYTES; size++) {
    const body = 'x'.repeat(size);
    const payload = wrap(hostBytes, padding, TOPIC, 3, 4, body);
    const envelope = unwrap(hostBytes, padding, TOPIC, payload) as Envelope;
    assert.equal(envelope, { ...plain, keyId: 7, epoch: 3, sequence: 4, body, tag: envelope.tag });
    assert.is(unwrap(hostBytes, padding, downTopic('U2'), payload), Refusal.wrongTopic);
    assert.is(unwrap(hostBytes, unsealed, TOPIC, payload), Refusal.unknownKey);
  }
});

test('what is no envelope is refused with the code of its form (CR-018)', () => {
  const cases: [string, number][] = [
    ['', Refusal.tooShort],
    ['9806', Refusal.tooShort],
    [`86${'00'.repeat(30)}`, Refusal.notAnArray],
    [`a6${'00'.repeat(30)}`, Refusal.notAnArray],
    [`9805${'00'.repeat(30)}`, Refusal.tooShort],
    [`9806${'00'.repeat(30)}`, Refusal.badField],
  ];
  for (const [hex, refusal] of cases) {
    assert.is(unwrap(hostBytes, unsealed, TOPIC, fromHex(hex)), refusal, hex);
  }
});

test.run();
