/**
 * `npm run search-cables`: a board with the real interpreter is provisioned, its cable and power are
 * pulled at a seeded byte, by default 50 times, and it is provisioned again. Whatever the instant,
 * the board never boots half a unit, the second run completes it, and the unit is born on a broker.
 * Options: --interpreter FILE (or ESPRUINO), --cuts N, --seed N.
 */
import { connect } from 'node:net';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { embeddedTcpNetwork } from '../host-sim/bench/networks.js';
import { ControlRoom } from '../host-sim/control-room/control-room.js';
import { findInterpreter } from '../host-sim/interpreter/interpreter.js';
import { RealClock } from '../host-sim/world/clock.js';
import { Random } from '../host-sim/world/random.js';
import { BOOT_CODE, crcOf } from '../tools/board/bundle-files.js';
import { openLine } from '../tools/board/line.js';
import type { Plan } from '../tools/board/plan.js';
import type { WantedUnit } from '../tools/board/wanted-unit.js';
import { provisionOver, SECRET, wantedUnit } from './support/board-unit.js';
import { complete, RealBoard } from './support/real-board.js';

const { values } = parseArgs({
  options: {
    interpreter: { type: 'string', default: findInterpreter() ?? '' },
    cuts: { type: 'string', default: '50' },
    seed: { type: 'string', default: '1' },
  },
});
const cuts = Number(values.cuts);
const random = new Random(Number(values.seed));
if (values.interpreter === '') {
  console.error('search-cables: name a real interpreter by --interpreter FILE or ESPRUINO');
  process.exit(2);
}

const BORN_LIMIT_MS = 60_000;
const LOOK_MS = 100;
const FILES =
  '(function(s){return s.list().map(function(n){return[n,E.CRC32(s.read(n)||"")]})})(require("Storage"))';

const unitIds = Array.from({ length: cuts + 1 }, (_, i) => `met-bx${i}`);
const clock = new RealClock();
const network = await embeddedTcpNetwork(clock, 0);
const born = new Set<string>();
const room = new ControlRoom({
  clock,
  secret: SECRET,
  units: unitIds,
  connect: () => network.connect('cr-control'),
  watch: ({ name, unit }) => {
    if (name === 'birth') born.add(unit);
  },
});

/**
 * Pulled, completed by a second run, and born. What was found otherwise is an error.
 * @returns what happened, or null where the run ended before the cable was pulled
 */
async function pulledAt(byte: number, wanted: WantedUnit): Promise<string | null> {
  const board = await RealBoard.open(values.interpreter);
  try {
    board.pullAtByte = byte;
    let during = 'greeting';
    const onProgress = (what: string) => (during = what);
    const line = await openLine(board.url);
    const error = await provisionOver(line, wanted, undefined, {}, { onProgress }).then(
      () => null,
      (thrown: Error) => thrown.message,
    );
    if (!board.wasPulled) return null;
    if (!error?.includes('the line to the board ended')) throw new Error(`${during}: ${error}`);
    board.pullAtByte = Infinity;
    const wasBootable = await isBootable(board);
    const { runs } = await complete(board, wanted);
    await waitForBirth(wanted.unitId);
    return `during ${during}; boot code ${wasBootable ? 'whole' : 'none'}; completed by run ${1 + runs}`;
  } finally {
    await board.close();
  }
}

/** With power alone. @throws Error if there is boot code and anything else is missing */
async function isBootable(board: RealBoard): Promise<boolean> {
  const power = connect(Number(new URL(board.url).port), '127.0.0.1');
  await once(power, 'connect');
  const files = new Map((await board.control.ask(FILES)) as [string, number][]);
  board.pull();
  if (!files.has(BOOT_CODE)) return false;
  for (const { name, bytes } of whole.files) {
    if (RECORD.test(name) ? !files.has(name) : files.get(name) !== crcOf(bytes)) {
      throw new Error(`it boots, and ${name} is not whole`);
    }
  }
  return true;
}

/** Files whose content is the unit's own: each cut is another unit. */
const RECORD = /^(unit|keys|desk)\.0$/;

async function waitForBirth(unitId: string): Promise<void> {
  const endMs = performance.now() + BORN_LIMIT_MS;
  while (!born.has(unitId)) {
    if (performance.now() > endMs) throw new Error(`${unitId} was not born`);
    await wait(LOOK_MS);
  }
}

function wantedOf(index: number): WantedUnit {
  const nowS = Math.floor(Date.now() / 1000);
  return wantedUnit({ unitId: unitIds[index] as string, port: network.port, nowS });
}

/** A run that nothing interrupts, and how many bytes it takes. */
async function wholeRun(): Promise<Plan & { bytesIn: number }> {
  const board = await RealBoard.open(values.interpreter);
  try {
    const { plan, bytesIn } = await complete(board, wantedOf(0));
    return { ...plan, bytesIn };
  } finally {
    await board.close();
  }
}

const faults: string[] = [];
const outcomes: string[] = [];
/** Runs that came to an end, one way or the other, before their cable was pulled. */
let unpulled = 0;
const whole = await wholeRun();
console.log(`seed ${values.seed}: ${cuts} cuts within ${whole.bytesIn} bytes to the board`);
while (outcomes.length + faults.length < cuts) {
  const index = outcomes.length + faults.length + 1;
  const byte = random.integer(1, whole.bytesIn);
  try {
    const outcome = await pulledAt(byte, wantedOf(index));
    console.log(`${index}: at byte ${byte}: ${outcome ?? 'not reached, drawn again'}`);
    if (outcome === null) unpulled++;
    else outcomes.push(outcome);
  } catch (error) {
    console.log(`${index}: at byte ${byte}: FAULT ${String(error)}`);
    faults.push(String(error));
  }
}
const further = outcomes.filter((outcome) => !outcome.endsWith('run 2')).length;
console.log(
  JSON.stringify({
    cuts,
    completed: outcomes.length,
    bySecondRun: outcomes.length - further,
    unpulled,
    faults,
  }),
);
await room.close();
await network.close();
clock.stop();
process.exitCode = faults.length > 0 ? 1 : 0;
