/** A city's fleet and more: what a call costs, in units looked at and not in time. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { withUnits } from '../../../host-sim/schemes/roster.js';
import { loadScheme } from '../../../host-sim/schemes/schema.js';
import { Random } from '../../../host-sim/world/random.js';
import { MORNING_MS, Rig } from './rig.js';

const test = suite('scale');

test('L15: a call among 10,000 units alerts the two that are there soonest', () => {
  const scheme = withUnits(loadScheme('london'), 10_000);
  const rig = new Rig(scheme, MORNING_MS);
  const random = new Random(15);
  for (const unit of rig.coordinator.state.units.keys()) {
    const latitude = random.between(51.3, 51.7);
    rig.ready(unit, { latitude, longitude: random.between(-0.5, 0.3) });
  }
  for (let i = 0; i < 300; i++) {
    const place = { latitude: 51.37 + random.unit() / 500, longitude: -0.0977 };
    rig.call({ callId: `C${i}`, ambulanceReference: `A${i}`, place });
  }
  // Croydon's reach holds fewer than 300 times two: then nobody is left, and it is said.
  const alerted = rig.alerted();
  assert.is(new Set(alerted).size, alerted.length);
  assert.ok(alerted.length > 50, String(alerted.length));
  assert.ok(rig.all('noAlert').length > 0);
  assert.ok(rig.all('noAlert').every(({ considered }) => considered.length <= 12));
});

test.run();
