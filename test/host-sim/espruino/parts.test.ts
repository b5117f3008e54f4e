/** Functions that a bundle makes of parts of its own text are compiled once, and see what it declares. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileBundle } from '../../../host-sim/espruino/bundle.js';
import { BundleNames } from '../../../host-sim/espruino/names.js';
import { createUnitHost } from '../../../host-sim/espruino/unit-host.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';

const LOADER = `setTimeout("eval(app=require('Storage').read('app.a'))", 0);`;
const MAKER = 'function $(n,r,e){return new Function(e,app.substr(n,r))}';
const BODY = 'i++;return [n,i,arguments.length]';

/** A program that calls a part with one named parameter, and one whose text is not in it. */
function programOf(at: number): string {
  const call = `$(${at},${BODY.length},"n")`;
  return (
    `${MAKER}var i=40;var unit={seen:[]};` +
    `unit.seen.push(${call}(7,8));unit.seen.push(${call}(9));` +
    `unit.seen.push(new Function("i+=2;return i")());\n/*`
  );
}

async function seenBy(text: string): Promise<unknown> {
  const clock = new SimulatedClock(0);
  const bundle = compileBundle(text, new BundleNames({}), Buffer.from(LOADER));
  const random = new Random(1);
  const host = createUnitHost({ clock, random, bundle, dial: () => null });
  host.powerOn();
  await clock.runUntil(1000);
  return host.evaluate('unit.seen');
}

test('a part sees the names of the text, though one is that of a counter; each unit has its own', async () => {
  const at = programOf(100).length;
  const text = `${programOf(at)}${BODY}*/\n`;
  const expected = '[[7,41,2],[9,42,1],44]';
  assert.is(JSON.stringify(await seenBy(text)), expected);
  assert.is(JSON.stringify(await seenBy(text)), expected);
});

test.run();
