/**
 * What runs at every boot, before any bundle (`.bootcde`): outputs safe first, then the doors that
 * the interpreter leaves open, then the bundle of one of two slots.
 *
 * A slot is two files: `app.a`, and `app.a.i` with `sequence,length,crc32` of it. The file `boot`
 * holds the letter of the slot that was started last, how often that was without the unit having
 * run well since (it says so itself), and the sequence of a bundle that failed, if one did:
 * `a0`, `b2,17`. A slot is never written here.
 */
import { esp32DevKit } from '../boards/esp32-devkit.js';

/** Boots of a bundle that may fail before the other one is tried. */
const MAX_FAILED_BOOTS = 3;
/** What a start may take; the unit then sets a patience of its own. */
const WATCHDOG_S = 30;
/** How long a unit without a bundle that runs waits for somebody with a cable. */
const RETRY_MS = 60000;
const AMBER = 1;

const board = esp32DevKit();
const lamps = board.lamps;
const storage = require('Storage');

function isOpen(contact: string | undefined): boolean {
  const pin = new Pin(contact as string);
  pinMode(pin, 'input_pullup');
  return pin.read();
}

/** Of the bundle in a slot, from 1; 0 if it has none that is whole. */
function sequenceIn(letter: string): number {
  const text = storage.read('app.' + letter);
  const info = storage.read('app.' + letter + '.i');
  const told = parseInt(info as string);
  let whole = 0;
  if (text && info === told + ',' + text.length + ',' + E.CRC32(text)) whole = told;
  return whole;
}

function note(boot: string): void {
  // Without room in flash nothing is counted, but the unit starts.
  try {
    storage.write('boot', boot);
  } catch (e) {}
}

function set(pin: string | undefined, level: number): void {
  digitalWrite(new Pin(pin as string), level);
}

set(board.sounder, 0);
for (let i = 0; i < lamps.length; i++) set(lamps[i], 0);
require('TelnetServer').setOptions({ mode: 'off' });

const boot = storage.read('boot') || '';
let failed = boot.substr(2);
let letter = 'a';
let sequence = sequenceIn('a');
let other = sequenceIn('b');

function swap(): void {
  const before = sequence;
  letter = letter === 'a' ? 'b' : 'a';
  sequence = other;
  other = before;
}

if (other > sequence) swap();
if (other > 0 && failed === ',' + sequence) swap();
let count = boot.charAt(0) === letter ? Number(boot.charAt(1)) || 0 : 0;
if (count >= MAX_FAILED_BOOTS && other > 0 && failed !== ',' + other) {
  failed = ',' + sequence;
  count = 0;
  swap();
}

// Without keys it is no unit yet, and whoever makes it one needs the console.
const hasKeys = storage.read('keys.0') || storage.read('keys.1');
const isSpent = count >= MAX_FAILED_BOOTS;
if (sequence === 0 || isSpent || !hasKeys) {
  set(lamps[AMBER], 1);
  // One more try. Whoever is at the console clears the timer first.
  if (isSpent) note(letter + (MAX_FAILED_BOOTS - 1) + failed);
  setTimeout(E.reboot, RETRY_MS);
} else {
  note(letter + (count + 1) + failed);
  if (isOpen(board.inputs[0]) || isOpen(board.inputs[1])) E.setConsole(null, { force: 1 });
  E.enableWatchdog(WATCHDOG_S, false);
  // As text, because that is run in the global scope, and when the loader is gone from memory.
  // Functions that are made of a file stay in flash.
  // `app` is that file: rare functions are made of it (`tools/build/rare.ts`).
  setTimeout("try{eval(app=require('Storage').read('app." + letter + "'))}catch(e){E.reboot()}", 0);
}
