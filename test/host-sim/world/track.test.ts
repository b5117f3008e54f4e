/** Generated drives: smooth, near their start, and the same for the same seed. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Random } from '../../../host-sim/world/random.js';
import { createTrack, type Track, type TrackPoint } from '../../../host-sim/world/track.js';

const HOME = { latitude: 51.4571, longitude: 0.1459 };
const M_PER_DEGREE = 111_320;

function distanceM(a: TrackPoint, b: TrackPoint): number {
  const east = (b.longitude - a.longitude) * M_PER_DEGREE * Math.cos((a.latitude * Math.PI) / 180);
  return Math.hypot(east, (b.latitude - a.latitude) * M_PER_DEGREE);
}

function patrol(seed: number): Track {
  return createTrack({ ...HOME, pattern: 'patrol', speedKmh: 36 }, new Random(seed));
}

test('a parked vehicle stays', () => {
  const track = createTrack({ ...HOME, pattern: 'parked', headingDeg: 90 }, new Random(1));
  assert.equal(track.at(0), { ...HOME, speedMPerS: 0, courseDeg: 90, moving: false });
  assert.equal(track.at(1e9), track.at(0));
});

test('a patrol goes as far as its speed says, turns, stops, and stays in its area', () => {
  const track = patrol(3);
  let stops = 0;
  let moved = 0;
  const courses = new Set<number>();
  for (let ms = 0; ms < 3_600_000; ms += 100) {
    const [a, b] = [track.at(ms), track.at(ms + 100)];
    const mean = (a.speedMPerS + b.speedMPerS) / 2;
    assert.ok(Math.abs(distanceM(a, b) - mean * 0.1) < 0.02, `jump at ${ms} ms`);
    assert.ok(a.speedMPerS >= 0 && a.speedMPerS < 10.001);
    assert.ok(a.courseDeg >= 0 && a.courseDeg < 360);
    assert.is(a.moving, a.speedMPerS > 0);
    if (a.moving && !b.moving) stops++;
    moved += distanceM(a, b);
    courses.add(Math.floor(a.courseDeg / 45));
    assert.ok(distanceM(track.at(0), a) < 4000, `far out at ${ms} ms`);
  }
  assert.ok(stops > 5, `${stops} stops`);
  assert.ok(moved > 10_000, `${moved} m`);
  assert.is(courses.size, 8);
});

test('it moves the way it heads', () => {
  const track = patrol(4);
  for (let ms = 0; ms < 600_000; ms += 1000) {
    const [a, b] = [track.at(ms), track.at(ms + 10)];
    if (a.speedMPerS < 1) continue;
    const north = (b.latitude - a.latitude) * M_PER_DEGREE;
    const along = distanceM(a, b) * Math.cos((a.courseDeg * Math.PI) / 180);
    assert.ok(Math.abs(north - along) < 0.01);
  }
});

test('the same seed drives the same, whatever is asked first', () => {
  const [a, b] = [patrol(5), patrol(5)];
  a.at(2_000_000);
  for (let ms = 0; ms < 1_000_000; ms += 50_000) assert.equal(a.at(ms), b.at(ms));
  assert.not.equal(patrol(6).at(600_000), a.at(600_000));
});

test.run();
