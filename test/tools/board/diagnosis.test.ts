/** The diagnosis: each row of its table is found by what it is there for, and by nothing else. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AedReason,
  ClockQuality,
  Fix,
  PositionReason,
  Presence,
  Readiness,
} from '../../../protocol/codes.js';
import type { Fields } from '../../../protocol/host/messages.js';
import { crcOf, slotInfo } from '../../../tools/board/bundle-files.js';
import { diagnose } from '../../../tools/board/diagnosis.js';
import {
  brokerRows,
  MAX_HEALTH_AGE_MS,
  type BrokerFacts,
} from '../../../tools/board/diagnosis-broker.js';
import { MAX_AED_AGE_MS, MAX_FIX_AGE_MS } from '../../../tools/fleet/troubles.js';
import { consoleRows, MIN_FREE_VARIABLES } from '../../../tools/board/diagnosis-console.js';
import type { Expected } from '../../../tools/board/diagnosis-row.js';
import type { BoardFacts, ConsoleFacts } from '../../../tools/board/facts.js';
import type { WantedUnit } from '../../../tools/board/wanted-unit.js';
import { wantedUnit } from '../../support/board-unit.js';
import { MIN_SPARE_BYTES, MIN_VARIABLES, MIN_VERSION } from '../../../tools/board/refusal.js';
import type { Link } from '../../../tools/fleet/watch-model.js';

const firmware = { loader: 'loader', bundle: 'bundle' };
const certificate = { certificate: 'certificate', key: 'key of it' };
const wanted: WantedUnit = { ...wantedUnit(), firmware };
const expected: Expected = { wanted, version: '0.1.0' };
/** Of the keys that it was provisioned with. */
const keys = { generation: 1, crc32: crcOf(wanted.keysRecord) };

function fileOf(name: string, bytes: string) {
  return { name, bytes: bytes.length, crc32: crcOf(bytes) };
}

const slot = { sequence: 1, valueBytes: 10, valueCrc32: 1 };

const board: BoardFacts = {
  version: MIN_VERSION,
  board: 'ESP32',
  serial: '24:6f:28:00:00:01',
  variables: MIN_VARIABLES,
  freeBytes: MIN_SPARE_BYTES,
  files: [
    fileOf('.bootcde', firmware.loader),
    fileOf('app.a', firmware.bundle),
    fileOf('app.a.i', slotInfo(firmware.bundle)),
    fileOf('.boot1', 'lock'),
  ],
  records: {
    unit: [{ ...slot, valueCrc32: crcOf(JSON.stringify(wanted.settings)) }, null],
    keys: [null, slot],
    desk: [slot, slot],
  },
  keys,
  unitId: 'met-bx01',
};

const healthyConsole: ConsoleFacts = {
  board,
  isRunning: true,
  freeVariables: MIN_FREE_VARIABLES,
  boots: 'a1',
  address: '192.168.1.20',
};

const NOW_MS = 1_800_000_000_000;

function brokerWith(
  changes: Record<string, Fields>,
  link: Link = 'up',
  atMs = NOW_MS,
): BrokerFacts {
  const fields: Record<string, Fields> = {
    birth: { callSign: 'BX01', firmware: '0.1.0', clock: ClockQuality.gps },
    health: { refusedBadTag: 0, failedBoots: 0, uncaughtErrors: 0, clock: ClockQuality.gps },
    position: {
      fix: Fix.gps,
      reason: PositionReason.periodic,
      fixAgeMs: 0,
      clock: ClockQuality.gps,
    },
    aed: {
      presence: Presence.present,
      readiness: Readiness.ready,
      reasons: 0,
      seenMsAgo: 0,
      clock: ClockQuality.gps,
    },
  };
  const latest = Object.fromEntries(
    Object.entries(fields).map(([name, each]) => [
      name,
      { fields: { ...each, ...changes[name] }, atMs },
    ]),
  );
  const order = { birth: 1, health: 2, position: 3, aed: 4 };
  const unit = {
    unit: {} as never,
    link,
    linkSinceMs: NOW_MS,
    latest,
    order,
    counts: {},
    refused: {},
  };
  return { unit, nowMs: NOW_MS, listenedS: 10 };
}

function without(name: string): BoardFacts {
  return { ...board, files: board.files.filter((each) => each.name !== name) };
}

function added(name: string): BoardFacts {
  return { ...board, files: [...board.files, fileOf(name, 'x')] };
}

function replaced(name: string): BoardFacts {
  const there = without(name);
  return { ...there, files: [...there.files, fileOf(name, 'other')] };
}

function noRecord(name: string): BoardFacts {
  return { ...board, records: { ...board.records, [name]: [null, null] } };
}

const consoleCases: Record<string, Partial<ConsoleFacts>[]> = {
  'old-interpreter': [
    { board: { ...board, version: '2v29.276' } },
    { board: { ...board, version: '2v29' } },
  ],
  'little-memory': [{ board: { ...board, variables: MIN_VARIABLES - 1 } }],
  'full-flash': [{ board: { ...board, freeBytes: MIN_SPARE_BYTES - 1 } }],
  'no-boot-code': [{ board: without('.bootcde') }],
  'other-loader': [{ board: replaced('.bootcde') }],
  'foreign-boot-code': [{ board: added('.boot0') }, { board: added('.bootPowerOn') }],
  'other-bundle': [{ board: replaced('app.a') }, { board: without('app.a.i') }],
  'no-settings': [{ board: noRecord('unit') }],
  'other-unit': [{ board: { ...board, unitId: 'met-bx02' } }],
  'other-settings': [{ board: { ...board, records: { ...board.records, unit: [slot, null] } } }],
  'other-certificate': [{ board: added('tls.cert') }, { board: added('tls.key') }],
  'no-keys': [{ board: noRecord('keys') }],
  'other-keys': [{ board: { ...board, keys: { generation: 2, crc32: keys.crc32 + 1 } } }],
  'no-desk': [{ board: noRecord('desk') }],
  'open-console': [{ board: without('.boot1') }, { board: added('.boot2') }],
  'given-up-bundle': [{ boots: 'b1,17' }],
  'failed-boots': [{ boots: 'a2' }, { boots: 'a3' }],
  'not-running': [{ isRunning: false }, { isRunning: false, address: null, freeVariables: 0 }],
  'short-memory': [{ freeVariables: MIN_FREE_VARIABLES - 1 }],
  'no-network': [{ address: null }],
};

const refusedHere = brokerWith({});
refusedHere.unit.refused['badTag'] = 2;
const fixOf = (ageMs: number) => ({ fixAgeMs: ageMs });

const brokerCases: Record<string, BrokerFacts[]> = {
  'not-opened': [refusedHere],
  'never-born': [brokerWith({}, 'never')],
  dead: [brokerWith({}, 'down')],
  'other-call-sign': [brokerWith({ birth: { callSign: 'BX02' } })],
  'other-version': [brokerWith({ birth: { firmware: '0.0.9' } })],
  silent: [agedHealth(MAX_HEALTH_AGE_MS + 1)],
  failing: [
    brokerWith({ health: { failedBoots: 1 } }),
    brokerWith({ health: { exhaustions: 3, lateTasks: 1 } }),
  ],
  refusing: [brokerWith({ health: { refusedBadTag: 4 } })],
  'no-clock': [
    brokerWith({ aed: { clock: ClockQuality.unknown } }),
    brokerWith({ aed: { clock: ClockQuality.drifting } }),
  ],
  'no-fix': [
    brokerWith({ position: { fix: Fix.none, fixAgeMs: null } }),
    brokerWith({ position: { fix: Fix.none, fixAgeMs: 5000 } }),
    brokerWith({ position: fixOf(MAX_FIX_AGE_MS + 1) }),
  ],
  'no-aed': [
    brokerWith({ aed: { presence: Presence.absent } }),
    brokerWith({ aed: { presence: Presence.unknown } }),
  ],
  'aed-fault': [
    brokerWith({ aed: { readiness: Readiness.fault, reasons: AedReason.dark | AedReason.cold } }),
  ],
  'old-aed': [brokerWith({ aed: { seenMsAgo: MAX_AED_AGE_MS + 1 } })],
};

function agedHealth(ageMs: number): BrokerFacts {
  const facts = brokerWith({});
  const health = { ...facts.unit.latest['health']!, atMs: NOW_MS - ageMs };
  facts.unit.latest['health'] = health;
  return facts;
}

test('nothing is wrong with a healthy unit, up to each limit', () => {
  assert.equal(diagnose({ expected, console: healthyConsole, broker: brokerWith({}) }), []);
  const aged = [
    brokerWith({ position: fixOf(MAX_FIX_AGE_MS) }),
    brokerWith({ aed: { seenMsAgo: MAX_AED_AGE_MS } }),
    agedHealth(MAX_HEALTH_AGE_MS),
    brokerWith({ position: { fix: Fix.surveyed, fixAgeMs: null } }),
  ];
  for (const broker of aged) assert.equal(diagnose({ expected, broker }), []);
  assert.equal(diagnose({ expected }), []);
});

test('with TLS to the broker a board has more memory, and the certificate of the fleet', () => {
  const settings = { ...wanted.settings, tls: true };
  const byTls = { ...expected, wanted: { ...wanted, settings, certificate } };
  const found = (board: BoardFacts) => {
    const findings = diagnose({ expected: byTls, console: { ...healthyConsole, board } });
    return findings.map(({ id }) => id);
  };
  const unit = { ...slot, valueCrc32: crcOf(JSON.stringify(settings)) };
  const there: BoardFacts = {
    ...board,
    variables: MIN_VARIABLES + 2700,
    records: { ...board.records, unit: [unit, null] },
    files: [...board.files, fileOf('tls.cert', 'certificate'), fileOf('tls.key', 'key of it')],
  };
  assert.equal(found(there), []);
  assert.equal(found({ ...there, variables: MIN_VARIABLES + 2699 }), ['little-memory']);
  for (const name of ['tls.cert', 'tls.key']) {
    const files = there.files.filter((file) => file.name !== name);
    assert.equal(found({ ...there, files }), ['other-certificate'], name);
    assert.equal(found({ ...there, files: [...files, fileOf(name, 'other')] }), [
      'other-certificate',
    ]);
  }
});

test('every row has a case', () => {
  assert.equal(
    Object.keys(consoleCases),
    consoleRows.map(([id]) => id),
  );
  assert.equal(
    Object.keys(brokerCases),
    brokerRows.map(([id]) => id),
  );
});

for (const [id, cases] of Object.entries(consoleCases)) {
  test(`console: ${id}`, () => {
    for (const change of cases) {
      const found = diagnose({ expected, console: { ...healthyConsole, ...change } });
      assert.equal(
        found.map((each) => each.id),
        [id],
      );
    }
  });
}

for (const [id, cases] of Object.entries(brokerCases)) {
  test(`broker: ${id}`, () => {
    for (const broker of cases) {
      assert.equal(
        diagnose({ expected, broker }).map((each) => each.id),
        [id],
      );
    }
  });
}

test('where nothing could be looked at, that is what is wrong', () => {
  const found = diagnose({ expected, console: 'no answer', broker: 'refused' });
  assert.equal(
    found.map(({ id, wrong }) => [id, wrong]),
    [
      ['no-console', 'no answer'],
      ['no-broker', 'refused'],
    ],
  );
});

test.run();
