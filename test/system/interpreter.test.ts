/** The very bundle on the real interpreter: it boots from Storage, is born, sounds and resumes. */
import { connect } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createEmbeddedBroker } from '../../host-sim/broker/embedded.js';
import { ControlRoom } from '../../host-sim/control-room/control-room.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { BENCH_SECRET, provisionedFlash } from '../../host-sim/bench/bench.js';
import { RealClock } from '../../host-sim/world/clock.js';
import { Interpreter, findInterpreter } from '../support/interpreter.js';

const test = suite('the real interpreter');
const command = findInterpreter();
const UNIT = { id: 'met-x1', callSign: 'X1', kind: 'vehicle' as const };
const JOB = { ambulanceReference: 'LAS-1', latitude: 51.5, longitude: 0, address: '1 High Street' };

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 1000) throw new Error(`waited 20 s in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

if (command === null) {
  console.log('the real interpreter: left out, the environment has no ESPRUINO');
  test.skip('a dispatch sounds, and sounds again after a power cut', () => {});
} else {
  test('a dispatch sounds, and sounds again after a power cut (CR-040, CR-042)', async () => {
    const clock = new RealClock();
    const broker = await createEmbeddedBroker(clock);
    const port = await broker.listen(0, '127.0.0.1');
    const unit = new Interpreter(command);
    const control = new ControlRoom({
      clock,
      secret: BENCH_SECRET,
      units: [UNIT.id],
      connect: () => connect(`mqtt://127.0.0.1:${port}`),
      watch: () => {},
    });
    try {
      const flash = provisionedFlash(UNIT, { host: '127.0.0.1', port }, clock.nowMs());
      const files = flash.names().map((name) => [name, flash.read(name) as string] as const);
      await unit.flash(loadBundle().bytes, Object.fromEntries(files));
      unit.powerOn();
      await until('its birth', () => control.units.get(UNIT.id)?.alive === true);
      const first = control.units.get(UNIT.id)?.birthCounter as number;
      const entry = control.dispatch(UNIT.id, JOB);
      await until('sounding', () => entry.steps['sounding'] !== undefined);
      await unit.cutPower();
      unit.powerOn();
      await until('resumed', () => entry.steps['resumed'] !== undefined);
      assert.ok((control.units.get(UNIT.id)?.birthCounter as number) > first);
      control.standDown(entry.id);
      await until('stood down', () => entry.steps['stoodDown'] !== undefined);
      const refused = control.dispatch(UNIT.id, { ...JOB, expiresInS: -1 });
      await until('an expired one refused', () => refused.steps['refused'] !== undefined);
      assert.is(refused.refusal, 'expired');
      assert.is(refused.steps['sounding'], undefined);
    } finally {
      await unit.dispose();
      await control.close();
      await broker.close();
      clock.stop();
    }
  });
}

test.run();
