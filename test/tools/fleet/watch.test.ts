/** What is watched of a fleet: the model, the table, the metrics; and messages decoded. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AedReason,
  ClockQuality,
  Fix,
  PositionReason,
  Presence,
  Readiness,
  Refusal,
} from '../../../protocol/codes.js';
import { deriveKeyBytes } from '../../../protocol/host/keys.js';
import { encodeMessage, type Fields } from '../../../protocol/host/messages.js';
import { UnitPeer, newPeerState } from '../../../protocol/host/unit-peer.js';
import { bytesOf, decode, topicsOf } from '../../../tools/fleet/decode.js';
import { metricsText } from '../../../tools/fleet/metrics.js';
import type { FleetUnit } from '../../../tools/fleet/schema.js';
import { unitsFromCsv } from '../../../tools/fleet/units-csv.js';
import { WatchModel } from '../../../tools/fleet/watch-model.js';
import { duration, watchTable } from '../../../tools/fleet/watch-table.js';

const test = suite('watch');
const T0 = 1_795_000_000_000;
const S = 1000;
const time = { at: T0, clock: ClockQuality.gps };

function model(): WatchModel {
  const csv = 'call_sign,area,type\nBX01,Bexley,vehicle\nBX02,Bexley,vehicle\n';
  const { units } = unitsFromCsv(csv, 'met', []) as { units: FleetUnit[] };
  return new WatchModel(units);
}

let counter = 1;
function say(to: WatchModel, name: string, message: Fields, atMs = T0, as = ++counter): void {
  to.take('met-bx01', { name, message, counter: as, generation: 1 }, atMs);
}

const birth = { callSign: 'BX01', firmware: '0.1.0', board: 'esp32-devkit', ...time };
const position = (reason: number, fixAgeMs: number | null) => ({
  fix: Fix.gps,
  reason,
  fixAgeMs,
  ...time,
});
const rowOf = (of: WatchModel, nowMs: number, callSign = 'BX01') => {
  const line = watchTable(of, nowMs)
    .split('\n')
    .find((each) => each.includes(callSign));
  return (line ?? '').split('│').map((cell) => cell.trim());
};

test('what was never said is unknown, not zero and not ready', async () => {
  const of = model();
  assert.equal(rowOf(of, T0, 'BX02').slice(2, 10), [
    'link',
    'never',
    ...['–', '–', '–', '–', '–', '–'],
  ]);
  const text = await metricsText(of, T0);
  assert.match(
    text,
    /coresponder_unit_link_up\{unit="met-bx02",call_sign="BX02",area="Bexley"\} 0/,
  );
  assert.not.match(text, /coresponder_unit_aed_ready\{/);
  assert.not.match(text, /coresponder_unit_fix_age_seconds\{/);
});

test('ages grow from what the unit said of them', async () => {
  const of = model();
  say(of, 'birth', birth);
  say(of, 'aed', {
    presence: Presence.present,
    readiness: Readiness.fault,
    reasons: AedReason.padsExpired | AedReason.cold,
    seenMsAgo: 4 * S,
    ...time,
  });
  say(of, 'position', position(PositionReason.periodic, 2 * S));
  say(of, 'health', { refusedBadTag: 2, refusedStale: 1, uptimeS: 9, ...time });
  of.refuse('met-bx01', Refusal.replayed);
  assert.equal(rowOf(of, T0 + 10 * S).slice(2, 11), [
    'aed refused',
    'up 10 s',
    'fault: cold, padsExpired',
    '14 s',
    'gps',
    '12 s',
    'gps',
    '0.1.0',
    '3 / 1',
  ]);
  const text = await metricsText(of, T0 + 10 * S);
  assert.match(text, /unit_aed_seen_age_seconds\{[^}]*BX01[^}]*\} 14\n/);
  assert.match(text, /unit_refused_messages_total\{[^}]*BX01[^}]*count="refusedBadTag"\} 2\n/);
  assert.match(text, /unit_unproven_messages_total\{[^}]*BX01[^}]*code="replayed"\} 1\n/);
  assert.match(text, /unit_info\{[^}]*firmware="0.1.0",board="esp32-devkit"\} 1\n/);
});

test('CR-079, CR-088 an older position, and one of the past, replace nothing', () => {
  const of = model();
  say(of, 'position', position(PositionReason.periodic, 0), T0, 50);
  say(of, 'position', position(PositionReason.periodic, 60 * S), T0, 49);
  say(of, 'position', position(PositionReason.missed, 90 * S), T0, 51);
  assert.is(rowOf(of, T0)[7], '0 s');
});

test('what comes in the name of no unit is counted', () => {
  const of = model();
  of.refuse('', Refusal.wrongUnit);
  assert.match(watchTable(of, T0), /1 messages of no unit here/);
});

test('durations', () => {
  assert.equal(
    [null, 119 * S, 120 * S, 7199 * S, 7200 * S, 172_799 * S, 172_800 * S].map(duration),
    ['–', '119 s', '2 min', '119 min', '2 h', '47 h', '2 d'],
  );
});

const SECRET = Buffer.alloc(32, 5);
const candidates = { secret: SECRET, topics: [...topicsOf('met-bx01'), ...topicsOf('met-bx02')] };

test('a sealed message is opened with the keys of the unit whose it is', () => {
  const peer = new UnitPeer(SECRET, 'met-bx02', newPeerState(3), T0 / S);
  const sealed = peer.seal('stand-down', { dispatchId: 7, issuedAt: T0, reason: 2 });
  for (const form of ['hex', 'base64'] as const) {
    const bytes = bytesOf(sealed.payload.toString(form)) as Buffer;
    const decoded = decode(bytes, candidates);
    if (typeof decoded === 'string') return assert.unreachable(decoded);
    assert.is(decoded.name, 'stand-down');
    assert.equal(decoded.seal, {
      unit: 'met-bx02',
      topic: 'cr/1/unit/met-bx02/down',
      generation: 3,
      counter: sealed.counter,
    });
    assert.equal(
      decoded.fields.map(({ value }) => value),
      [7, T0, 'ambulanceOnScene'],
    );
  }
  const other = { ...candidates, secret: Buffer.alloc(32, 6) };
  assert.match(String(decode(sealed.payload, other)), /does not open: badTag/);
  assert.match(String(decode(sealed.payload, null)), /name the fleet/);
});

test('CR-124 keys are not shown', () => {
  const keys = deriveKeyBytes(SECRET, 'met-bx01', 2);
  const plain = encodeMessage('command', { command: 1, generation: 2, issuedAt: T0, keys });
  const decoded = decode(Buffer.from(plain, 'latin1'), null);
  const field = typeof decoded === 'string' ? null : decoded.fields.at(-1);
  assert.is(field?.value, '96 bytes, not shown');
});

test.run();
