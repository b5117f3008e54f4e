/**
 * Makes a board a unit over its console: reads what is there, does what the plan says is missing,
 * reads all of it back, lets the unit start, and leaves it with its console closed.
 */
import { z } from 'zod';
import { UserError } from '../exit-codes.js';
import { erase, readBack, writePieces, writeWhole } from './board-files.js';
import { BOOT_CODE } from './bundle-files.js';
import type { BoardConsole } from './console.js';
import { asked, readFacts, type BoardFacts } from './facts.js';
import { BOOT_COUNT, LOCK_FILE, SELF_TEST_FILE, type Plan, type Step } from './plan.js';
import { isAtLeast, MIN_VERSION } from './refusal.js';

/** What the unit may take from the start of the board until it runs. */
const START_LIMIT_MS = 20_000;
const LOOK_MS = 250;
/** While nothing but the console runs, its idle loop is what keeps the watchdog quiet. */
const WATCHDOG_S = 60;
/** Of what has no answer, and is looked at afterwards. */
const RESTARTS = 3;

export interface ProvisionEvents {
  /** Before the first boot: from now on the keys are in use. */
  onIssue?(): void;
  onProgress?(what: string, doneBytes: number, totalBytes: number): void;
}

/** Stops what runs on the board, and reads what is on it. Changes nothing that outlives its power. */
export async function lookAtBoard(board: BoardConsole): Promise<BoardFacts> {
  const version = await board.greet();
  if (!isAtLeast(version, MIN_VERSION)) {
    // Longer lines may not arrive there: the plan refuses it by its version alone.
    return { ...NOTHING_KNOWN, version };
  }
  // The line that ends what runs has no answer: it may get lost.
  for (let isQuiet = false, tries = 0; !isQuiet && tries < RESTARTS; tries++) {
    await board.halt();
    await board.greet();
    await board.teach();
    isQuiet = await asked(board, 'typeof unit==="undefined"', 'whether it is quiet', z.boolean());
  }
  await board.ask(`E.enableWatchdog(${WATCHDOG_S},true)`, 'the watchdog');
  return readFacts(board);
}

const NOTHING_KNOWN: Omit<BoardFacts, 'version'> = {
  board: '',
  serial: '',
  variables: 0,
  freeBytes: 0,
  files: [],
  records: {},
  keys: null,
  unitId: null,
};

/** @throws UserError `board` if the board does not take it, or the unit does not run */
export async function bringUp(
  board: BoardConsole,
  plan: Plan,
  events: ProvisionEvents = {},
): Promise<void> {
  await carryOut(board, plan.steps, events);
  events.onProgress?.('reading back', 0, 0);
  await readBack(board, plan.files);
  events.onProgress?.('self-test', 0, 0);
  await selfTest(board, plan.password);
  await close(board);
}

async function carryOut(
  board: BoardConsole,
  steps: readonly Step[],
  events: ProvisionEvents,
): Promise<void> {
  const totalBytes = steps.reduce((sum, step) => sum + bytesOf(step), 0);
  let doneBytes = 0;
  for (const step of steps) {
    const tell = (bytes: number) => events.onProgress?.(step.name, doneBytes + bytes, totalBytes);
    tell(0);
    if (step.kind === 'write' && step.name === BOOT_CODE) events.onIssue?.();
    if (step.kind === 'erase') await erase(board, step.name);
    else if (step.isWhole) await writeWhole(board, step.name, step.bytes);
    else await writePieces(board, step.name, step.bytes, tell);
    doneBytes += bytesOf(step);
    tell(0);
  }
  if (steps.length === 0) events.onIssue?.();
}

function bytesOf(step: Step): number {
  return step.kind === 'write' ? step.bytes.length : 0;
}

/** Boots the unit as it will boot, but for the console, which stays for whoever has the password. */
async function selfTest(board: BoardConsole, password: string): Promise<void> {
  await writeWhole(board, SELF_TEST_FILE, 'E.setConsole=function(){};');
  for (let tries = 0; tries < RESTARTS; tries++) {
    await board.tell('E.reboot()');
    await board.greet([password]);
    if (board.wasLocked) break;
  }
  if (!board.wasLocked) {
    throw new UserError(
      'board',
      `the console is open after the start: ${LOCK_FILE} did not lock it`,
    );
  }
  await board.teach();
  for (let waitedMs = 0; waitedMs < START_LIMIT_MS; waitedMs += LOOK_MS) {
    const question = 'typeof unit==="object"&&unit!==null';
    if (await asked(board, question, 'whether the unit runs', z.boolean())) return;
    await board.wait(LOOK_MS);
  }
  const boots = await board.ask(`S.read("${BOOT_COUNT}")`, 'its count of boots');
  throw new UserError(
    'board',
    `the unit does not start within ${START_LIMIT_MS / 1000} s (boots: ${boots}); run doctor`,
  );
}

/** The last start: from here on the loader closes the console. */
async function close(board: BoardConsole): Promise<void> {
  await erase(board, SELF_TEST_FILE);
  // The self-test was no failed boot.
  await erase(board, BOOT_COUNT);
  for (let tries = 0; tries < RESTARTS; tries++) {
    await board.tell('E.reboot()');
    // Locked, not mute: somebody holds both buttons. Open: the line was lost.
    if ((await board.state()) !== 'open') return;
  }
  throw new UserError('board', 'the console is open after the last start; run this again');
}

/** Lets a board that was only looked at run on. */
export async function restart(board: BoardConsole): Promise<void> {
  await board.tell('E.reboot()');
}

/** Takes the password off a console, for whoever holds both buttons at the start. */
export async function unlock(board: BoardConsole): Promise<void> {
  await board.greet();
  await board.teach();
  await erase(board, LOCK_FILE);
  await board.ask('E.setPassword()', 'taking the password off');
}
