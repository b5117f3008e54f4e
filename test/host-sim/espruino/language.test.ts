/**
 * The JavaScript that a bundle sees. The results in the table are the interpreter's own (2v29.277,
 * with the ESP32's memory layout): the stand-in must give the same.
 */
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileBundle, runText } from '../../../host-sim/espruino/bundle.js';
import { GLOBAL_NAMES } from '../../../host-sim/espruino/globals.js';
import { bootStandIn } from './stand-in.js';

/** Expression and its value, or what it throws. */
const ASKED: [string, unknown][] = [
  ['Math.round(-2.5)', -3],
  ['Math.round(2.5)', 3],
  ['Math.round(-2.4)', -2],
  ['typeof Math.trunc', 'undefined'],
  ['typeof Math.imul', 'undefined'],
  ['typeof Math.sign', 'function'],
  ['typeof Array.from', 'undefined'],
  ['typeof [].flat', 'undefined'],
  ['typeof [].map', 'function'],
  ['typeof "".codePointAt', 'undefined'],
  ['typeof Number.isInteger', 'undefined'],
  ['typeof Object.freeze', 'undefined'],
  ['typeof Map', 'undefined'],
  ['typeof Symbol', 'undefined'],
  ['typeof RangeError', 'undefined'],
  ['typeof BigInt', 'undefined'],
  ['new Uint8Array([1, 2, 3]).slice(1) instanceof Array', true],
  ['new Uint8Array([1, 2, 3]).slice(1)', [2, 3]],
  ['new Uint8Array([1, 2, 3]).map(function (x) { return x * 200; }).slice(0)', [200, 144, 88]],
  ['new Uint8Array([1]).map(function (x) { return x; }) instanceof Uint8Array', true],
  ['new Uint8Array([1, 2, 3]).filter(function (x) { return x > 1; }) instanceof Array', true],
  ['new Uint8Array([1, 2, 3]).subarray(1) instanceof Uint8Array', true],
  ['new Uint8Array([1, 2, 3]).subarray(1, 1).length', 0],
  ['new Uint8Array(new ArrayBuffer(4), 2).length', 2],
  ['new Uint8Array(new ArrayBuffer(4), 2, 0).length', 2],
  ['"" + new Uint8Array([1, 2, 3])', '1,2,3'],
  [
    '(function () { var u = new Uint8Array(3); u.set([1, 2, 3, 4], 1); return u.slice(0); })()',
    [0, 1, 2],
  ],
  ['new DataView(new ArrayBuffer(2)).getUint8(2)', 0],
  ['new DataView(new ArrayBuffer(2)).getUint32(100)', 0],
  ['new DataView(new Uint8Array([255, 7]).buffer).getUint8(undefined)', 255],
  ['new DataView(new Uint8Array([0, 7]).buffer).getUint32(0)', 0x00070000],
  ['new DataView(new Uint8Array([0, 7]).buffer).getUint32(1)', 0x07000000],
  [
    '(function () { var b = new ArrayBuffer(2); new DataView(b).setUint32(0, 0x01020304); return new Uint8Array(b).slice(0); })()',
    [1, 2],
  ],
  ['new DataView(new ArrayBuffer(2)).setUint8(7, 1)', undefined],
  [
    '(function () { var d = new DataView(new ArrayBuffer(2)); d.setUint16(0, -1); return d.getUint16(0); })()',
    65535,
  ],
  ['E.CRC32("123456789")', 3421780262],
  ['E.CRC32("\\xff\\xfe")', 2297966742],
  ['E.CRC32(new Uint8Array([49, 50, 51]))', 2286445522],
  ['E.toString(new Uint8Array([1, 200, 255]))', '\x01\xc8\xff'],
  ['E.toString([65, 66])', 'AB'],
  ['E.toArrayBuffer("AB\\xff").byteLength', 3],
  ['new Uint8Array(E.toArrayBuffer("AB\\xff")).slice(0)', [65, 66, 255]],
  ['E.toString(E.getErrorFlags())', ''],
  ['new Pin("D13") + ""', 'D13'],
  ['typeof new Pin("X99").read', 'undefined'],
];

const THROWN: [string, string][] = [
  ['new DataView(new ArrayBuffer(2)).getUint8(-1)', 'byteOffset too large (or negative)'],
  ['new DataView(new ArrayBuffer(2)).setUint8(-1, 1)', 'byteOffset too large (or negative)'],
  ['clearTimeout(undefined)', 'clearTimeout(undefined) not allowed. Use clearTimeout() instead'],
  ['setTimeout(undefined, 5)', 'Function or String not supplied!'],
  ['require("none")', 'Module "none" not found'],
  ['pinMode(undefined, "output")', 'Invalid pin'],
  ['digitalWrite(undefined, 1)', 'Invalid pin'],
  ['require("Storage").write("e", "")', "Can't create zero length file"],
];

test('gives what the interpreter gives', async () => {
  const { host } = await bootStandIn('');
  for (const [expression, expected] of ASKED) {
    assert.equal(structuredClone(host.evaluate(expression)), expected, expression);
  }
});

test("throws what the interpreter throws, as errors of the unit's own realm", async () => {
  const { host } = await bootStandIn('');
  for (const [expression, expected] of THROWN) {
    const attempt = `(function () { try { ${expression}; } catch (e) { return [e.message, e instanceof Error]; } })()`;
    assert.equal(structuredClone(host.evaluate(attempt)), [expected, true], expression);
  }
});

test('nothing of Node can be reached', async () => {
  const { host } = await bootStandIn('');
  const names =
    'console Buffer globalThis setInterval setImmediate queueMicrotask performance fetch';
  for (const name of [
    ...names.split(' '),
    'global',
    'Date',
    'Promise',
    'Math.random',
    'process.env',
  ]) {
    assert.is(host.evaluate(`typeof ${name}`), 'undefined', name);
  }
  assert.is(host.evaluate('typeof Function("return this")().setInterval'), 'undefined');
});

test('the globals are those that the bindings may use', () => {
  const path = new URL('../../../firmware/espruino/espruino.d.ts', import.meta.url);
  const declared = readFileSync(path, 'utf8').matchAll(/^declare (?:var|function) (\w+)/gm);
  const names = new Set([...declared].map(([, name]) => name));
  // The loader's, and of the language.
  names.add('eval');
  // Of a display and of a reader of tags, which no unit of the bench has.
  names.delete('I2C1');
  names.delete('Serial3');
  assert.equal([...names].sort(), [...GLOBAL_NAMES].sort());
});

test('the source is bytes: a character beyond ASCII has as many characters as UTF-8 bytes', () => {
  const bundle = compileBundle(Buffer.from("var unit = 'é'.length;", 'utf8'));
  assert.is(runText(bundle.files['.bootcde'] as string, {} as never), 2);
});

test.run();
