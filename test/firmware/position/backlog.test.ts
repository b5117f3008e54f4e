/** The track of what could not be told: bounded, thinned evenly, exact (CR-088, law 5). */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_POINTS,
  createBacklog,
  missPosition,
  takePoint,
  type Point,
} from '../../../firmware/position/backlog.js';

const test = suite('backlog (CR-088)');

function tracked(count: number): { points: Point[]; thinned: number } {
  const backlog = createBacklog();
  for (let i = 0; i < count; i++) missPosition(backlog, 10 * i, 515000000 + i, -1000000 - i);
  const points: Point[] = [];
  for (let point = takePoint(backlog); point; point = takePoint(backlog)) points.push(point);
  assert.is(backlog.every, 1, 'begins anew');
  return { points, thinned: backlog.thinned };
}

test('CR-088: up to MAX_POINTS all are kept, one more thins them', () => {
  for (const [count, kept] of [
    [0, 0],
    [1, 1],
    [MAX_POINTS - 1, MAX_POINTS - 1],
    [MAX_POINTS, MAX_POINTS],
    [MAX_POINTS + 1, MAX_POINTS / 2 + 1],
  ] as const) {
    const { points, thinned } = tracked(count);
    assert.is(points.length, kept, `${count}`);
    assert.is(thinned, count - kept, 'what is not kept is counted');
  }
});

test('CR-088: points are exact, in order, and cover the whole time evenly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2000 }), (count) => {
      const { points, thinned } = tracked(count);
      assert.ok(points.length <= MAX_POINTS);
      assert.is(points.length + thinned, count);
      for (const { atS, latitudeE7, longitudeE7 } of points) {
        assert.is(latitudeE7, 515000000 + atS / 10);
        assert.is(longitudeE7, -1000000 - atS / 10);
      }
      const gaps = points.slice(1).map((point, i) => point.atS - (points[i] as Point).atS);
      assert.ok(gaps.every((gap) => gap > 0));
      assert.ok(Math.max(0, ...gaps) <= 2 * Math.min(Infinity, ...gaps), `gaps ${gaps}`);
    }),
    { seed: 20261123, numRuns: 300 },
  );
});

test('every corner of the earth', () => {
  for (const [latitude, longitude] of [
    [900000000, 1800000000],
    [-900000000, -1800000000],
    [0, -1],
  ] as const) {
    const backlog = createBacklog();
    missPosition(backlog, 123456.7, latitude, longitude);
    assert.equal(takePoint(backlog), {
      atS: 123456,
      latitudeE7: latitude,
      longitudeE7: longitude,
    });
  }
});

test.run();
