/** Keys are in the keyring and in flash, in no other part of the unit and in nothing it says. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Input } from '../../../firmware/ports/inputs.js';
import type { Unit } from '../../../firmware/unit.js';
import { deriveKeyBytes } from '../../../protocol/host/index.js';
import { Bench, SECRET, UNIT_ID, everythingSent } from '../../support/sealed.js';

/** Bytes of a key in a row that give it away. */
const RUN = 8;

/** Every run of every key that the unit ever has, also as the pads of HMAC that are made of it. */
const runs = new Set<string>();
for (const generation of [1, 2, 3]) {
  const keys = deriveKeyBytes(SECRET, UNIT_ID, generation);
  for (const pad of [0, 0x36, 0x5c]) {
    const bytes = [...keys].map((each) => String.fromCharCode(each.charCodeAt(0) ^ pad)).join('');
    for (let at = 0; at + RUN <= bytes.length; at++) runs.add(bytes.substring(at, at + RUN));
  }
}

/** Where a key shows in the text, as hexadecimal or base64 too; −1 if nowhere. */
function keyAt(text: string): number {
  for (let at = 0; at + RUN <= text.length; at++) {
    if (runs.has(text.substring(at, at + RUN))) return at;
  }
  const hex = text.toLowerCase();
  for (const run of runs) {
    const bytes = Buffer.from(run, 'latin1');
    const inHex = hex.indexOf(bytes.toString('hex'));
    if (inHex >= 0) return inHex;
  }
  return -1;
}

/** All text and bytes that can be reached from a value, but not through `without`. */
function reach(value: unknown, without: Set<unknown>, seen = new Set<unknown>()): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return [];
  if (seen.has(value) || without.has(value)) return [];
  seen.add(value);
  if (value instanceof ArrayBuffer) return [Buffer.from(value).toString('latin1')];
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return [Buffer.from(buffer, byteOffset, byteLength).toString('latin1')];
  }
  const parts: unknown[] = value instanceof Map || value instanceof Set ? [...value] : [];
  // Bytes may also be there as an array of numbers.
  const numbers = Array.isArray(value) ? value.filter((each) => typeof each === 'number') : [];
  const asBytes = String.fromCharCode(...numbers.slice(0, 10000).map((each) => Number(each) & 255));
  for (const key of Reflect.ownKeys(value)) {
    parts.push(String(key), (value as Record<PropertyKey, unknown>)[key]);
  }
  return [asBytes, ...parts.flatMap((part) => reach(part, without, seen))];
}

function textOf(unit: Unit): string {
  // Flash holds the record `keys`, by design.
  const without = new Set<unknown>([unit.ports.store]);
  // The broker's end is no part of the unit, and what it heard is looked at by itself.
  without.add(unit.ports.net).add(unit.session.socket);
  return reach(unit, without).join('\n');
}

test('the search finds what is there: keys in any form, and the settings', () => {
  const { unit } = new Bench().opened();
  assert.is(keyAt(textOf(unit)), -1);
  assert.match(textOf(unit), /Alpha 1/);
  const key = deriveKeyBytes(SECRET, UNIT_ID, 2).substring(40, 40 + RUN);
  const bytes = Buffer.from(key, 'latin1');
  const octets = Uint8Array.from(bytes);
  for (const leak of [key, bytes.toString('hex'), octets, [...bytes], new Map([['x', { key }]])]) {
    const { unit: leaking } = new Bench();
    Object.assign(leaking.counts, { leak });
    assert.is.not(keyAt(textOf(leaking)), -1, String(leak));
  }
});

test('CR-124: no part of the unit, no word of it and no note has eight bytes of a key', () => {
  const notes: string[] = [];
  const say = console.log;
  console.log = (...what: unknown[]) => void notes.push(what.join(' '));
  try {
    let bench = new Bench().opened();
    for (let boot = 0; boot < 2; boot++) {
      const { unit, ports } = bench;
      // Also in the moment in which keys are on their way to flash.
      ports.store.onWrite = (name) => {
        assert.is(keyAt(textOf(unit)), -1, 'while ' + name + ' is written');
        return null;
      };
      bench.hello();
      bench.dispatch(7 + boot);
      ports.clock.advance(1000);
      ports.inputs.hold(Input.accept);
      bench.rotate();
      assert.is(keyAt(textOf(unit)), -1);
      ports.clock.advance(700000);
      bench.sent();
      assert.is(keyAt(textOf(unit)), -1);
      for (const part of Object.values(unit) as unknown[]) {
        // Those that have flash or the broker's end within them were searched above.
        if ([ports, unit.records, unit.counter, unit.session, unit.link].includes(part as never))
          continue;
        assert.is(keyAt(JSON.stringify(part) ?? ''), -1);
      }
      for (const { name, body, payload } of everythingSent(ports)) {
        assert.is(keyAt(body), -1, name);
        assert.is(keyAt(payload), -1, name);
      }
      notes.push(...ports.trace, ...ports.network.joins);
      bench = bench.restarted().opened();
    }
    assert.is(bench.peer.state.generation, 3);
    assert.is(keyAt(notes.join('\n')), -1);
  } finally {
    console.log = say;
  }
});

test('CR-124: the record has the present keys and the last one down, and no other any', () => {
  const bench = new Bench().opened();
  bench.dispatch();
  bench.rotate();
  bench.ports.clock.advance(2000);
  for (const [name, bytes] of bench.ports.store.files) {
    const isKeys = name === 'keys.0' || name === 'keys.1';
    assert.is(keyAt(bytes) >= 0, isKeys, name);
  }
  const record = bench.ports.store.files.get('keys.1') as string;
  const key = (generation: number): string => deriveKeyBytes(SECRET, UNIT_ID, generation);
  assert.is(record.substring(16), '\x02' + key(2) + '\x01' + key(1).substring(0, 48));
});

test.run();
