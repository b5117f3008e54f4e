/** Seeded chance: replays exactly, and each cause has a stream of its own. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../../host-sim/world/random.js';

function draw(random: Random, count = 20): number[] {
  return Array.from({ length: count }, () => random.unit());
}

test('the same seed draws the same', () => {
  assert.equal(draw(new Random(7)), draw(new Random(7)));
  assert.not.equal(draw(new Random(7)), draw(new Random(8)));
});

test('a fork depends on seed and name only', () => {
  const used = new Random(7);
  draw(used, 100);
  assert.equal(draw(used.fork('gps')), draw(new Random(7).fork('gps')));
  const streams = ['gps', 'gpt', 'link', 'unit-01', 'unit-02'].map((name) =>
    draw(new Random(7).fork(name)).join(),
  );
  assert.is(new Set(streams).size, streams.length);
  assert.not.equal(
    draw(new Random(7).fork('a').fork('b')),
    draw(new Random(7).fork('b').fork('a')),
  );
});

test('draws stay in their range and fill it', () => {
  const random = new Random(1);
  const dice = new Set<number>();
  for (let i = 0; i < 1000; i++) {
    const unit = random.unit();
    assert.ok(unit >= 0 && unit < 1);
    const between = random.between(-3, 5);
    assert.ok(between >= -3 && between < 5);
    dice.add(random.integer(1, 6));
  }
  assert.equal([...dice].sort(), [1, 2, 3, 4, 5, 6]);
});

test.run();
