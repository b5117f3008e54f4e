/** The models: what field.md part 5 knows of each, and what holds for all. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { SHORTEST_BLINK_MS } from '../../../firmware/aed/indicator.js';
import { profileOf } from '../../../firmware/aed/profiles.js';

/** Number, name, whether its lamp blinks, and its limits in °C. */
const MODELS: [number, string, boolean, number, number][] = [
  [0, 'unknown', false, 10, 43],
  [1, 'Philips HS1', true, 10, 43],
  [2, 'Philips FRx', true, 0, 50],
  [3, 'Philips FR2', false, 10, 43],
  [4, 'ZOLL AED Plus', false, 0, 50],
  [5, 'ZOLL AED 3', false, 10, 43],
  [6, 'LIFEPAK 500', false, 0, 50],
  [7, 'LIFEPAK 1000', false, 10, 43],
  [8, 'LIFEPAK CR Plus', false, 10, 43],
  [9, 'LIFEPAK CR2', true, 10, 43],
  [10, 'HeartSine 350P/500P', true, 0, 50],
  [11, 'Mindray C1A', false, -5, 50],
  [12, 'Powerheart G3/G5', false, 0, 50],
];

for (const [code, name, blinks, from, to] of MODELS) {
  test(`L3: model ${code} is ${name}`, () => {
    const profile = profileOf(code);
    assert.is(profile.name, name);
    assert.is(profile.blinkMs > 0, blinks);
    assert.is(profile.selfTestMs > 0, blinks);
    assert.is(profile.keepFromDeciC, from * 10);
    assert.is(profile.keepToDeciC, to * 10);
  });
}

test('a number without a model is the unknown one: no lamp is judged', () => {
  for (const code of [-1, MODELS.length, 255]) assert.equal(profileOf(code), profileOf(0));
});

test('the limits of the unknown model are borne by every model', () => {
  const unknown = profileOf(0);
  for (const [code] of MODELS) {
    assert.ok(profileOf(code).keepFromDeciC <= unknown.keepFromDeciC, `model ${code}`);
    assert.ok(profileOf(code).keepToDeciC >= unknown.keepToDeciC, `model ${code}`);
  }
});

test('a lamp that blinks every second to every 6 s is within every expected period', () => {
  for (const [code, , blinks] of MODELS) {
    if (blinks) assert.ok(profileOf(code).blinkMs > 6000, `model ${code}`);
  }
  assert.ok(SHORTEST_BLINK_MS < 1000);
});

test.run();
