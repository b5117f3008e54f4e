/** A reader of tags on its line: cut anywhere, through noise, and never a tag that was not read. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { createTagReader, feedTagReader } from '../../../firmware/aed/tag-reader.js';
import type { Serial } from '../../../firmware/ports/serial.js';
import { AedReason } from '../../../protocol/codes.js';
import { Bench, provisioned } from '../../support/sealed.js';

const seed = 6300;

function frameOf(tag: string): string {
  const bytes = (tag.match(/../g) ?? []).map((digits) => parseInt(digits, 16));
  const sum = bytes.reduce((xor, byte) => xor ^ byte, 0);
  return `\x02${tag}${sum.toString(16).toUpperCase().padStart(2, '0')}\x03`;
}

const tags = fc
  .array(fc.integer({ min: 0, max: 255 }), { minLength: 5, maxLength: 5 })
  .map((bytes) => bytes.map((byte) => byte.toString(16).toUpperCase().padStart(2, '0')).join(''));

test(`a tag is read however its frame is cut, with noise around it (seed ${seed})`, () => {
  const noise = fc.string({ maxLength: 20 }).filter((text) => !/[\x02\x03]/.test(text));
  fc.assert(
    fc.property(tags, noise, noise, fc.array(fc.nat(60)), (tag, before, after, cuts) => {
      const line = before + frameOf(tag) + after;
      const at = [0, ...cuts.filter((cut) => cut < line.length).sort((a, b) => a - b), line.length];
      const reader = createTagReader();
      const read = at.slice(1).map((end, i) => feedTagReader(reader, line.slice(at[i], end)));
      assert.equal(
        read.filter((each) => each !== ''),
        [tag],
      );
    }),
    { seed },
  );
});

test(`a frame with one character changed, missing or too many is no tag (seed ${seed})`, () => {
  const digit = fc.constantFrom(...'0123456789ABCDEFG \0');
  fc.assert(
    fc.property(tags, fc.integer({ min: 1, max: 12 }), digit, (tag, at, char) => {
      const frame = frameOf(tag);
      const changed = frame.slice(0, at) + char + frame.slice(at + 1);
      if (changed !== frame) assert.is(feedTagReader(createTagReader(), changed), '');
      const shorter = frame.slice(0, at) + frame.slice(at + 1);
      assert.is(feedTagReader(createTagReader(), shorter), '');
      assert.is(feedTagReader(createTagReader(), frame.slice(0, at) + char + frame.slice(at)), '');
    }),
    { seed },
  );
});

test('a line that never ends its frame takes no memory', () => {
  const reader = createTagReader();
  feedTagReader(reader, '\x02' + '0'.repeat(1000));
  assert.is(reader.frame, '');
  feedTagReader(reader, '\x02' + '0'.repeat(12));
  assert.is(reader.frame.length, 13);
});

test("another AED than the unit's own is told of, and its own again (tag identity)", () => {
  let hear: (bytes: string) => void = () => {};
  const line: Serial = { onData: (callback) => void (hear = callback) };
  const bench = new Bench(provisioned(), undefined, (ports) => {
    ports.tags = line;
  }).opened();
  bench.hello();
  bench.configure({ version: 1, aedTag: '0A00112233' });
  bench.hello();
  const reasons = (): number => bench.newest('aed')['reasons'] as number;
  hear(frameOf('0A00445566'));
  bench.ports.clock.advance(1000);
  assert.ok((reasons() & AedReason.tagMismatch) !== 0);
  hear(frameOf('0A00112233'));
  bench.ports.clock.advance(1000);
  assert.ok((reasons() & AedReason.tagMismatch) === 0);
});

test.run();
