/** The loader on the real interpreter, from its own Storage: the same table, some rows of it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { Interpreter, findInterpreter } from '../../../host-sim/interpreter/interpreter.js';
import { expectedStart, slotFiles, type SlotState } from './slots.js';

const test = suite('the loader on the real interpreter');
const command = findInterpreter();
const loader = Buffer.from(loadBundle().files['.bootcde'] as string, 'latin1');
const PATIENCE_MS = 10_000;

/** Tells by a file, since the console is closed; a slot's globals are the interpreter's. */
const tells = (slot: string) =>
  `function tell() { require('fs').writeFileSync('said', '${slot} ' + typeof global.tell + ' ' + ` +
  `require('Storage').read('boot')); }\nvar unit = { name: '${slot}' }; setTimeout(tell, 1);`;

const ROWS: readonly (readonly [SlotState, number, SlotState, number, string])[] = [
  ['good', 1, 'absent', 0, ''],
  ['good', 1, 'good', 2, ''],
  ['good', 2, 'good', 1, 'a2'],
  ['good', 2, 'wrong crc', 3, 'b1'],
  ['torn info', 2, 'good', 1, 'a1'],
  ['good', 2, 'good', 1, 'a3'],
  ['good', 2, 'good', 1, 'b0,2'],
  ['shorter', 5, 'good', 1, 'b2'],
];

async function said(unit: Interpreter): Promise<string> {
  const file = join(unit.folder, 'said');
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += 20) {
    if (existsSync(file)) {
      const text = readFileSync(file, 'latin1');
      if (text !== '') return text;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return 'nothing';
}

if (command === null) {
  console.log('the loader on the real interpreter: left out, the environment has no ESPRUINO');
  test.skip('starts the slot that the table says', () => {});
} else {
  for (const [a, sequenceA, b, sequenceB, boot] of ROWS) {
    test(`a ${a} ${sequenceA}, b ${b} ${sequenceB}, boot ${boot || 'none'}`, async () => {
      const unit = new Interpreter(command);
      try {
        await unit.flash(loader, {
          'keys.0': 'keys',
          ...slotFiles('a', a, sequenceA, tells('a')),
          ...slotFiles('b', b, sequenceB, tells('b')),
          ...(boot ? { boot } : {}),
        });
        unit.powerOn();
        const expected = expectedStart(
          a === 'good' ? sequenceA : 0,
          b === 'good' ? sequenceB : 0,
          boot,
        );
        assert.is(await said(unit), `${expected.slot} function ${expected.boot}`);
      } finally {
        await unit.dispose();
      }
    });
  }

  test('a bundle that throws ends the process at once, and is counted', async () => {
    const unit = new Interpreter(command);
    try {
      await unit.flash(loader, {
        'keys.0': 'keys',
        ...slotFiles('a', 'good', 1, tells('a')),
        ...slotFiles('b', 'good', 2, 'var x; x.y = 1;'),
      });
      for (let boot = 0; boot < 3; boot++) {
        unit.powerOn();
        const timer = setTimeout(() => unit.kill(), PATIENCE_MS);
        await unit.ended;
        clearTimeout(timer);
        assert.is(existsSync(join(unit.folder, 'said')), false);
      }
      unit.powerOn();
      assert.is(await said(unit), 'a function a1,2');
    } finally {
      await unit.dispose();
    }
  });
}

test.run();
