/** What is wrong with a unit by what its console tells. Pure. */
import { KEYS_RECORD } from '../../protocol/seal/keys.js';
import { DESK_RECORD } from '../../protocol/seal/window.js';
import { SETTINGS_RECORD } from '../../protocol/settings.js';
import { BOOT_CODE, crcOf, SLOT, SLOT_INFO, slotInfo } from './bundle-files.js';
import { PROVISION, type Row } from './diagnosis-row.js';
import { newestSlot, type BoardFacts, type ConsoleFacts } from './facts.js';
import { CERTIFICATE_FILE, CERTIFICATE_KEY_FILE, LOCK_FILE, SELF_TEST_FILE } from './plan.js';
import { isAtLeast, MIN_SPARE_BYTES, MIN_VERSION, variablesFor } from './refusal.js';
import { hasKeys, type WantedUnit } from './wanted-unit.js';

/** What a message needs in one piece, and as much besides. */
export const MIN_FREE_VARIABLES = 160;

export const consoleRows: readonly Row<ConsoleFacts>[] = [
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
    ({ board }, { wanted }) =>
      board.variables >= variablesFor(wanted)
        ? null
        : `it has ${board.variables} variables of memory, the unit needs ${variablesFor(wanted)}`,
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
    ({ board }, { wanted }) =>
      !file(board, BOOT_CODE) || holds(board, BOOT_CODE, wanted.firmware.loader)
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
    ({ board }, { wanted: { firmware } }) =>
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
    ({ board }, { wanted }) =>
      isOther(board, wanted) ? `this is the board of ${board.unitId}` : null,
    'connect the right board; provision --anew makes this one the other unit',
  ],
  [
    'other-settings',
    ({ board }, { wanted }) => {
      const slots = board.records[SETTINGS_RECORD];
      const newest = newestSlot(slots);
      if (newest === null || isOther(board, wanted)) return null;
      return slots?.[newest]?.valueCrc32 === crcOf(JSON.stringify(wanted.settings))
        ? null
        : 'its settings (broker, login, network, call sign) are not those that the fleet has for it';
    },
    `${PROVISION}; after a change of its password, run fleet access too`,
  ],
  [
    'other-certificate',
    ({ board }, { wanted: { certificate } }) => {
      const isRight =
        certificate === null
          ? !file(board, CERTIFICATE_FILE) && !file(board, CERTIFICATE_KEY_FILE)
          : holds(board, CERTIFICATE_FILE, certificate.certificate) &&
            holds(board, CERTIFICATE_KEY_FILE, certificate.key);
      return isRight ? null : 'its certificate or its key is not the one that the fleet has for it';
    },
    PROVISION,
  ],
  [
    'no-keys',
    ({ board }) => (isValid(board, KEYS_RECORD) ? null : 'no valid record of its keys'),
    `${PROVISION}; where it was in service, --anew`,
  ],
  [
    'other-keys',
    ({ board }, { wanted }) =>
      board.keys === null || hasKeys(board, wanted)
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

function file(board: BoardFacts, name: string) {
  return board.files.find((each) => each.name === name);
}

function isOther({ unitId }: BoardFacts, wanted: WantedUnit): boolean {
  return unitId !== null && unitId !== wanted.unitId;
}

function holds(board: BoardFacts, name: string, bytes: string): boolean {
  const found = file(board, name);
  return found?.bytes === bytes.length && found.crc32 === crcOf(bytes);
}

function isValid(board: BoardFacts, record: string): boolean {
  return board.records[record]?.some((slot) => slot !== null) ?? false;
}
