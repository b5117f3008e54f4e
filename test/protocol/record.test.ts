/** Records in flash: what a power cut or a worn page can leave, and what is read from it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { packRecord, slotName, unpackRecord, type StoredRecord } from '../../protocol/record.js';

/** By the bit, from the definition: a second witness beside whatever a host has built in. */
function crc32(bytes: string): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes.charCodeAt(i);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const VALUES = ['', 'x', '{"unitId":"ZD-41"}', '\x00\xff\x7f"\\', 'v'.repeat(500)];

test('the CRC is that of ISO 3309 (CR-060)', () => {
  assert.is(crc32('123456789').toString(16), 'cbf43926');
});

test('a record is CRC, sequence and value, in lower-case digits (CR-060)', () => {
  assert.is(packRecord(1, 'value', crc32), `${crc32('00000001value').toString(16)}00000001value`);
  assert.is(
    packRecord(0xabcdef, '', () => 0x1f),
    '0000001f00abcdef',
  );
  assert.is(
    packRecord(0xffffffff, '', () => 0xffffffff),
    'ffffffffffffffff',
  );
});

test('a record comes back as it was (CR-060)', () => {
  for (const value of VALUES) {
    for (const sequence of [1, 0xabcdef, 0xffffffff]) {
      assert.equal(unpackRecord(packRecord(sequence, value, crc32), crc32), { sequence, value });
    }
  }
});

test('a torn record is as if it were absent, wherever it was torn (CR-062)', () => {
  const record = packRecord(7, 'what is kept', crc32);
  assert.is(unpackRecord(undefined, crc32), null);
  for (let length = 0; length < record.length; length++) {
    assert.is(unpackRecord(record.slice(0, length), crc32), null, `cut at ${length}`);
    const erased = record.slice(0, length).padEnd(record.length, '\xff');
    assert.is(unpackRecord(erased, crc32), null, `erased from ${length}`);
    const zeroed = record.slice(0, length).padEnd(record.length, '\x00');
    assert.is(unpackRecord(zeroed, crc32), null, `zero from ${length}`);
  }
  assert.is(unpackRecord(`${record}x`, crc32), null);
});

test('a record with any byte altered is as if it were absent (CR-062)', () => {
  const record = packRecord(7, 'v', crc32);
  for (let at = 0; at < record.length; at++) {
    for (let code = 0; code < 256; code++) {
      if (code === record.charCodeAt(at)) continue;
      const altered = record.slice(0, at) + String.fromCharCode(code) + record.slice(at + 1);
      assert.is(unpackRecord(altered, crc32), null, `byte ${at} = ${code}`);
    }
  }
});

/** SPEC section 7, by the letter: which of two files counts. */
function read(files: Readonly<Record<string, string>>, name: string): StoredRecord | null {
  const valid = [0, 1]
    .map((slot) => unpackRecord(files[slotName(name, slot)], crc32))
    .filter((record) => record !== null)
    .sort((a, b) => b.sequence - a.sequence);
  return valid[0] ?? null;
}

test('a power cut at any byte of a write leaves the value before or the value after (CR-061, CR-063)', () => {
  const before = packRecord(4, 'before', crc32);
  const older = packRecord(3, 'older', crc32);
  const after = packRecord(5, 'after', crc32);
  for (let length = 0; length <= after.length; length++) {
    const files = { 'desk.0': before, 'desk.1': after.slice(0, length) };
    assert.is(read(files, 'desk')?.value, length === after.length ? 'after' : 'before');
  }
  assert.is(read({ 'desk.0': before, 'desk.1': older }, 'desk')?.value, 'before');
  assert.is(read({ 'desk.0': before }, 'desk')?.value, 'before');
  assert.is(read({ 'desk.1': before }, 'desk')?.value, 'before');
  assert.is(read({}, 'desk'), null);
});

test('the two files of a record are name.0 and name.1 (CR-061)', () => {
  assert.equal([slotName('unit', 0), slotName('unit', 1)], ['unit.0', 'unit.1']);
});

test.run();
