/**
 * What is wrong with a unit and what to do, in words: a table over what its console told or the
 * broker heard. Pure. A row says nothing where the facts that it needs were not looked at.
 */
import { AedReason, ClockQuality, Fix, Presence, Readiness } from '../../protocol/codes.js';
import { nameOf } from '../../protocol/host/messages.js';
import { KEYS_RECORD } from '../../protocol/seal/keys.js';
import { DESK_RECORD } from '../../protocol/seal/window.js';
import { SETTINGS_RECORD } from '../../protocol/settings.js';
import { ageMs, refusedByUnit, type WatchedUnit } from '../fleet/watch-model.js';
import { BOOT_CODE, crcOf, SLOT, SLOT_INFO, slotInfo, type BundleFiles } from './bundle-files.js';
import type { BoardFacts, ConsoleFacts } from './facts.js';
import {
  isAtLeast,
  LOCK_FILE,
  MIN_SPARE_BYTES,
  MIN_VARIABLES,
  MIN_VERSION,
  SELF_TEST_FILE,
} from './plan.js';

/** A health report goes out every 5 minutes; one may get lost. */
export const MAX_HEALTH_AGE_MS = 11 * 60_000;
/** A unit that stands still reports less often than one that drives. */
export const MAX_FIX_AGE_MS = 15 * 60_000;
/** Of the AED: longer ago than any patience of the unit with its sensors. */
export const MAX_AED_AGE_MS = 15 * 60_000;
/** What a message needs in one piece, and as much besides. */
export const MIN_FREE_VARIABLES = 160;

/** What the broker told while it was listened to. */
export interface BrokerFacts {
  readonly unit: WatchedUnit;
  readonly nowMs: number;
  readonly listenedS: number;
}

export interface Expected {
  readonly unitId: string;
  readonly callSign: string;
  /** CRC-32 of every keys record that the board may have. */
  readonly keys: readonly number[];
  readonly firmware: BundleFiles;
  /** Of the bundle that is built here. */
  readonly version: string;
}

export interface DoctorFacts {
  readonly expected: Expected;
  /** A text is why there are none. */
  readonly console?: ConsoleFacts | string;
  readonly broker?: BrokerFacts | string;
}

export interface Finding {
  readonly id: string;
  readonly wrong: string;
  readonly whatToDo: string;
}

/** What a row finds wrong, or null. */
type Look<T> = (facts: T, expected: Expected) => string | null;
type Row<T> = readonly [id: string, look: Look<T>, whatToDo: string];

const PROVISION = 'run provision: it writes what is missing and leaves the rest';

const consoleRows: readonly Row<ConsoleFacts>[] = [
  [
    'old-interpreter',
    ({ board }) =>
      isAtLeast(board.version, MIN_VERSION)
        ? null
        : `Espruino ${board.version} is on it, ${MIN_VERSION} or later is needed`,
    'put a later Espruino on the board (flash), then provision it',
  ],
  [
    'little-memory',
    ({ board }) =>
      board.variables >= MIN_VARIABLES
        ? null
        : `it has ${board.variables} variables of memory, the unit needs ${MIN_VARIABLES}`,
    'use a build of Espruino without Bluetooth, or a board with more memory (WROVER)',
  ],
  [
    'full-flash',
    ({ board }) =>
      board.freeBytes >= MIN_SPARE_BYTES
        ? null
        : `${board.freeBytes} bytes of its flash are free, ${MIN_SPARE_BYTES} are needed`,
    'erase what is not the unit’s at the console, or erase the flash and provision it --anew',
  ],
  [
    'no-boot-code',
    ({ board }) => (file(board, BOOT_CODE) ? null : 'nothing starts at power-on: no boot code'),
    PROVISION,
  ],
  [
    'other-loader',
    ({ board }, { firmware }) =>
      !file(board, BOOT_CODE) || holds(board, BOOT_CODE, firmware.loader)
        ? null
        : 'its boot code is not the loader that is built here',
    PROVISION,
  ],
  [
    'foreign-boot-code',
    ({ board }) => {
      const names = ['.bootPowerOn', '.boot0', '.boot3'].filter((name) => file(board, name));
      return names.length > 0 ? `boot code that is not the unit’s: ${names.join(', ')}` : null;
    },
    'ask who has had the board; provision takes it away',
  ],
  [
    'other-bundle',
    ({ board }, { firmware }) =>
      holds(board, SLOT, firmware.bundle) && holds(board, SLOT_INFO, slotInfo(firmware.bundle))
        ? null
        : 'its bundle is incomplete, or not the one that is built here',
    PROVISION,
  ],
  [
    'no-settings',
    ({ board }) => (isValid(board, SETTINGS_RECORD) ? null : 'no valid record of its settings'),
    PROVISION,
  ],
  [
    'other-unit',
    ({ board }, { unitId }) =>
      board.unitId === null || board.unitId === unitId
        ? null
        : `this is the board of ${board.unitId}`,
    'connect the right board; provision --anew makes this one the other unit',
  ],
  [
    'no-keys',
    ({ board }) => (isValid(board, KEYS_RECORD) ? null : 'no valid record of its keys'),
    `${PROVISION}; where it was in service, --anew`,
  ],
  [
    'other-keys',
    ({ board }, { keys }) =>
      board.keys === null || keys.includes(board.keys.crc32)
        ? null
        : `its keys, generation ${board.keys.generation}, are not those that this fleet has for it`,
    'is it the right fleet folder? provision --anew gives it keys that it never had',
  ],
  [
    'no-desk',
    ({ board }) => (isValid(board, DESK_RECORD) ? null : 'no valid record of its dispatches'),
    PROVISION,
  ],
  [
    'open-console',
    ({ board }) =>
      file(board, LOCK_FILE) && !file(board, SELF_TEST_FILE)
        ? null
        : 'its console opens without a password, or stays open',
    PROVISION,
  ],
  [
    'given-up-bundle',
    ({ boots }) => (boots.includes(',') ? `the loader has given up a bundle: ${boots}` : null),
    PROVISION,
  ],
  [
    'failed-boots',
    ({ boots }) => {
      const failed = Number(boots.charAt(1)) || 0;
      return failed > 1 ? `it was started ${failed} times without running well` : null;
    },
    'look at the supply (5 V under load) and the broker’s address; then provision and watch it',
  ],
  [
    'not-running',
    ({ isRunning }) => (isRunning ? null : 'the unit does not run'),
    'switch it off and on; if it still does not, provision it',
  ],
  [
    'short-memory',
    ({ isRunning, freeVariables }) =>
      !isRunning || freeVariables >= MIN_FREE_VARIABLES
        ? null
        : `${freeVariables} variables are free while it runs, ${MIN_FREE_VARIABLES} are needed`,
    'take the display or TLS off it, or use a board with more memory (WROVER)',
  ],
  [
    'no-network',
    ({ isRunning, address }) =>
      !isRunning || address !== null ? null : 'it is not in the vehicle’s wireless network',
    'is the router on, and its name and password those of the fleet? After a change, provision',
  ],
];

const brokerRows: readonly Row<BrokerFacts>[] = [
  [
    'not-opened',
    ({ unit }) => {
      const refused = Object.entries(unit.refused).map(([name, count]) => `${name} ${count}`);
      return refused.length > 0
        ? `messages in its name did not prove themselves: ${refused.join(', ')}`
        : null;
    },
    'badTag or unknownKey: is it the right fleet, and was it provisioned since fleet rotate? ' +
      'Else somebody else speaks in its name',
  ],
  [
    'never-born',
    ({ unit, listenedS }) =>
      unit.link === 'never' ? `the broker has never heard of it (${listenedS} s listened)` : null,
    'is it powered, in the network, and the broker’s address right? Run doctor on its console; ' +
      'does the broker have the files of fleet access?',
  ],
  [
    'dead',
    ({ unit }) => (unit.link === 'down' ? 'it was connected, and is not any more' : null),
    'is the vehicle’s network up and the unit powered? If both, run doctor on its console',
  ],
  [
    'other-call-sign',
    ({ unit }, { callSign }) => {
      const told = unit.latest['birth']?.fields['callSign'];
      return told === undefined || told === callSign
        ? null
        : `it calls itself ${told}, the fleet calls it ${callSign}`;
    },
    PROVISION,
  ],
  [
    'other-version',
    ({ unit }, { version }) => {
      const told = unit.latest['birth']?.fields['firmware'];
      return told === undefined || told === version
        ? null
        : `it runs version ${told}, ${version} is built here`;
    },
    PROVISION,
  ],
  [
    'silent',
    ({ unit, nowMs }) => {
      const age = ageMs(unit.latest['health'], null, nowMs);
      return unit.link === 'up' && age !== null && age > MAX_HEALTH_AGE_MS
        ? `its last report of its health is ${minutes(age)} old`
        : null;
    },
    'the link is half open, or the unit hangs: its watchdog restarts it; switch it off and on if not',
  ],
  [
    'failing',
    ({ unit }) => {
      const health = unit.latest['health']?.fields ?? {};
      const names = [
        'failedBoots',
        'uncaughtErrors',
        'exhaustions',
        'lateTasks',
        'droppedMessages',
      ];
      const told = names.filter((name) => Number(health[name] ?? 0) > 0);
      return told.length > 0 ? told.map((name) => `${name} ${health[name]}`).join(', ') : null;
    },
    'send its health report to who builds the bundle; a unit with failedBoots: look at its supply',
  ],
  [
    'refusing',
    ({ unit }) => {
      const refused = Object.entries(refusedByUnit(unit)).map(
        ([name, count]) => `${name} ${count}`,
      );
      return refused.length > 0 ? `it has refused messages: ${refused.join(', ')}` : null;
    },
    'badTag, replayed, wrongUnit: somebody tampers with the broker; fromFuture: the control ' +
      'room’s clock; unknownKey: provision after fleet rotate',
  ],
  [
    'no-clock',
    ({ unit }) => {
      const clock = newestClock(unit);
      return clock === ClockQuality.unknown || clock === ClockQuality.drifting
        ? `its clock is ${nameOf(ClockQuality, clock)}`
        : null;
    },
    'give the GPS antenna the sky; is the control room there to say hello?',
  ],
  [
    'no-fix',
    ({ unit, nowMs }) => {
      const position = unit.latest['position'];
      if (!position) return null;
      const { fix } = position.fields;
      if (fix === Fix.surveyed) return null;
      const age = ageMs(position, 'fixAgeMs', nowMs);
      if (age === null) return 'it has had no fix since its start';
      return fix === Fix.none || age > MAX_FIX_AGE_MS
        ? `its last fix is ${minutes(age)} old`
        : null;
    },
    'is the GPS receiver wired to D16 and its antenna under the sky? badSentences in health: its baud',
  ],
  [
    'no-aed',
    ({ unit }) => {
      const presence = unit.latest['aed']?.fields['presence'];
      return presence === undefined || presence === Presence.present
        ? null
        : `the AED is ${presence === Presence.absent ? 'not in its bracket' : 'not known to be there'}`;
    },
    'seat the AED; if it is seated, look at the bracket switch and its wire (D4)',
  ],
  [
    'aed-fault',
    ({ unit }) => {
      const aed = unit.latest['aed']?.fields;
      const isGood = aed?.['readiness'] === Readiness.ready;
      if (!aed || isGood || aed['presence'] !== Presence.present) return null;
      const why = bitNames(Number(aed['reasons']));
      return `the AED is not known to be ready: ${nameOf(Readiness, Number(aed['readiness']))}${why}`;
    },
    'look at the AED itself: lamp, pads, battery, temperature; notSensed alone needs a daily look',
  ],
  [
    'old-aed',
    ({ unit, nowMs }) => {
      const age = ageMs(unit.latest['aed'], 'seenMsAgo', nowMs);
      return age !== null && age > MAX_AED_AGE_MS
        ? `what is known of the AED is ${minutes(age)} old`
        : null;
    },
    'look at the AED, and at the sensor over its lamp (D32)',
  ],
];

export function diagnose({ expected, console, broker }: DoctorFacts): Finding[] {
  return [
    ...examine(console, consoleRows, expected, {
      id: 'no-console',
      whatToDo: 'hold both buttons while it is switched on, and until this has ended; try again',
    }),
    ...examine(broker, brokerRows, expected, {
      id: 'no-broker',
      whatToDo:
        'is the broker running, its address right, and does it have the files of fleet access?',
    }),
  ];
}

function examine<T extends object>(
  facts: T | string | undefined,
  rows: readonly Row<T>[],
  expected: Expected,
  without: Omit<Finding, 'wrong'>,
): Finding[] {
  if (facts === undefined) return [];
  if (typeof facts === 'string') return [{ ...without, wrong: facts }];
  return rows.flatMap(([id, look, whatToDo]) => {
    const wrong = look(facts, expected);
    return wrong === null ? [] : [{ id, wrong, whatToDo }];
  });
}

/** The ids of all rows, for who tests them. */
export const ROW_IDS: readonly string[] = [
  ...consoleRows.map(([id]) => id),
  ...brokerRows.map(([id]) => id),
];

function file(board: BoardFacts, name: string) {
  return board.files.find((each) => each.name === name);
}

function holds(board: BoardFacts, name: string, bytes: string): boolean {
  const found = file(board, name);
  return found?.bytes === bytes.length && found.crc32 === crcOf(bytes);
}

function isValid(board: BoardFacts, record: string): boolean {
  return board.records[record]?.some((slot) => slot !== null) ?? false;
}

function newestClock({ latest, order }: WatchedUnit): unknown {
  const names = ['position', 'aed', 'health', 'birth', 'status'].filter((name) => latest[name]);
  const [newest] = names.toSorted((a, b) => (order[b] ?? 0) - (order[a] ?? 0));
  return newest === undefined ? null : latest[newest]?.fields['clock'];
}

function bitNames(bits: number): string {
  const names = Object.entries(AedReason).filter(([, bit]) => (bits & bit) !== 0);
  return names.length > 0 ? ` (${names.map(([name]) => name).join(', ')})` : '';
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
