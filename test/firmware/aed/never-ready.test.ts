/**
 * Whatever happens, in whatever order: `ready` is told only of an AED that is there, was just seen
 * to blink or was looked at by a person, and has no fault that anybody could know of (L3, CR-084).
 * A witness that sees the same events says what may be told.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import {
  aedUsed,
  bracketChanged,
  checkedByHand,
  configureBay,
  confirmByHand,
  restocked,
  tagRead,
  type BayConfig,
} from '../../../firmware/aed/bay.js';
import { profileOf } from '../../../firmware/aed/profiles.js';
import { AedMount, AedReason, Readiness } from '../../../protocol/codes.js';
import { CONFIG, SYMBOL, bayRig, type BayRig } from './bay-rig.js';

const SEED = 20260811;
const DATE = Date.UTC(2027, 5, 1);
const DAY_MS = 86400000;

type Event =
  | readonly ['bracket' | 'kit' | 'light' | 'job', boolean]
  | readonly ['blink', number, number]
  | readonly ['read', number | null]
  | readonly ['tag', string]
  | readonly ['used' | 'restocked' | 'checked' | 'restart']
  | readonly ['config', Partial<BayConfig>]
  | readonly ['utc', number | null]
  | readonly ['wait' | 'leap', number];

const CONFIGS: Partial<BayConfig>[] = [
  {},
  { aedTag: 'A1' },
  { padsExpireAt: DATE },
  { batteryExpireAt: DATE },
  { aedProfile: SYMBOL },
  { aedProfile: 0 },
  { aedProfile: 1 },
  { aedMount: AedMount.kit },
];

function one<T>(weight: number, arbitrary: fc.Arbitrary<T>): fc.WeightedArbitrary<T> {
  return { weight, arbitrary };
}

const truth = fc.boolean();
const event: fc.Arbitrary<Event> = fc.oneof(
  one(4, fc.tuple(fc.constant('bracket' as const), truth)),
  one(3, fc.tuple(fc.constant('kit' as const), truth)),
  one(2, fc.tuple(fc.constant('light' as const), truth)),
  one(1, fc.tuple(fc.constant('job' as const), truth)),
  one(12, fc.tuple(fc.constant('blink' as const), fc.integer({ min: 1, max: 6 }), periods())),
  one(3, fc.tuple(fc.constant('read' as const), readings())),
  one(1, fc.tuple(fc.constant('tag' as const), fc.constantFrom('', 'A1', 'A2'))),
  one(1, fc.tuple(fc.constantFrom('used' as const, 'restart' as const))),
  one(3, fc.tuple(fc.constantFrom('restocked' as const, 'checked' as const))),
  one(2, fc.tuple(fc.constant('config' as const), fc.constantFrom(...CONFIGS))),
  one(1, fc.tuple(fc.constant('utc' as const), fc.constantFrom(null, DATE - 6e9, DATE - DAY_MS))),
  one(3, fc.tuple(fc.constant('wait' as const), fc.integer({ min: 1, max: 30000 }))),
  one(1, fc.tuple(fc.constant('leap' as const), fc.integer({ min: 1, max: 2 * DAY_MS }))),
);

function periods(): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(1000, 5000), fc.integer({ min: 300, max: 12000 }));
}

function readings(): fc.Arbitrary<number | null> {
  return fc.oneof(fc.constant(250), fc.integer({ min: -700, max: 1300 }), fc.constant(null));
}

/** What somebody who sees all events knows, kept in the plainest way. */
class Witness {
  isThere: boolean | null = null;
  saidMs = 0;
  lit = false;
  edgeMs = 0;
  rises: number[] = [];
  checkedMs = -Infinity;
  isUsed = false;
  tag = '';
  last: { deciC: number; atMs: number } | null = null;
  config: BayConfig = CONFIG;

  place(isThere: boolean | null): void {
    if (isThere === false) this.tag = '';
    if (isThere === this.isThere) return;
    if (isThere === false) this.checkedMs = -Infinity;
    this.isThere = isThere;
    this.rises = [];
  }

  edge(lit: boolean, nowMs: number): void {
    if (lit === this.lit) return;
    this.lit = lit;
    this.edgeMs = nowMs;
    if (lit) this.rises.push(nowMs);
  }

  /** Why it may not be called ready; '' if it may. */
  objection(rig: BayRig): string {
    const { nowMs, utcMs } = rig;
    const { aedMount, aedProfile, aedTag, padsExpireAt, batteryExpireAt } = this.config;
    const isKit = aedMount === AedMount.kit;
    const profile = profileOf(aedProfile);
    if (!this.isThere) return 'not there';
    if (isKit && nowMs - this.saidMs >= DAY_MS / 2) return 'said too long ago';
    if (this.isUsed) return 'used';
    if (this.tag !== '' && aedTag !== '' && this.tag !== aedTag) return 'another tag';
    for (const date of [padsExpireAt, batteryExpireAt]) {
      if (utcMs !== null && date !== null && utcMs >= date - 60 * DAY_MS) return 'expires';
    }
    const last = this.last;
    if (last !== null) {
      if (nowMs - last.atMs >= 600000) return 'temperature not known';
      if (last.deciC < profile.keepFromDeciC + 30) return 'cold';
      if (last.deciC > profile.keepToDeciC - 30) return 'hot';
    }
    const isLookedAt = nowMs - this.checkedMs < DAY_MS;
    const isByHand = isLookedAt && (rig.bay.reasons & AedReason.notSensed) !== 0;
    if (isByHand) return '';
    if (isKit || profile.blinkMs === 0) return 'nobody looked';
    return this.blinks(nowMs, profile.blinkMs) ? '' : 'does not blink';
  }

  /** The last three whole periods are the lamp's, and fresh. */
  private blinks(nowMs: number, blinkMs: number): boolean {
    if (nowMs - this.edgeMs > 20000) return false;
    for (let i = this.rises.length - 1; i >= 3; i--) {
      const rises = this.rises.slice(i - 3, i + 1);
      const gaps = rises.slice(1).map((ms, j) => ms - (rises[j] as number));
      const isLamp = gaps.every((ms) => ms >= 700 && ms <= blinkMs);
      const isSteady = gaps.every(
        (ms, j) => j === 0 || Math.abs(ms / (gaps[j - 1] as number) - 1) <= 0.25,
      );
      if (isLamp && isSteady) return nowMs - (rises[3] as number) <= 80000;
    }
    return false;
  }
}

/** Plays the events; gives how many runs said ready, and how many of these rested on a person. */
function play(events: readonly Event[]): [number, number] {
  const witness = new Witness();
  let ready = 0;
  let byHand = 0;
  const watched = (rig: BayRig): BayRig => {
    const { run, light } = rig;
    rig.run = () => {
      run();
      const { readiness, reasons, seenAtMs } = rig.bay;
      if (readiness !== Readiness.ready) return;
      ready++;
      assert.is(witness.objection(rig), '');
      assert.is(reasons & ~AedReason.notSensed, 0, 'no reason against it');
      if (reasons !== 0) byHand++;
      assert.ok(seenAtMs !== null && seenAtMs <= rig.nowMs && rig.nowMs - seenAtMs < DAY_MS);
    };
    rig.light = (lit) => {
      light(lit);
      witness.edge(lit, rig.nowMs);
    };
    return rig;
  };
  let rig = watched(bayRig());
  for (const step of events) {
    const { bay } = rig;
    const isBracket = witness.config.aedMount === AedMount.bracket;
    switch (step[0]) {
      case 'bracket':
        bracketChanged(bay, step[1]);
        if (isBracket) witness.place(step[1]);
        break;
      case 'kit':
        confirmByHand(bay, step[1], rig.nowMs);
        if (!isBracket) witness.place(step[1]);
        witness.saidMs = rig.nowMs;
        break;
      case 'light':
        rig.light(step[1]);
        break;
      case 'job':
        bay.isJobOpen = step[1];
        break;
      case 'blink':
        rig.blink(step[1], step[2]);
        break;
      case 'read': {
        rig.read(step[1]);
        const deciC = step[1];
        if (deciC === null || deciC < -550 || deciC > 1250) break;
        witness.last = { deciC, atMs: rig.nowMs };
        break;
      }
      case 'tag':
        tagRead(bay, step[1]);
        if (step[1] !== '') witness.tag = step[1];
        break;
      case 'used':
        aedUsed(bay);
        witness.isUsed = true;
        witness.checkedMs = -Infinity;
        break;
      case 'restocked':
        restocked(bay);
        witness.isUsed = false;
        break;
      case 'checked':
        checkedByHand(bay, rig.nowMs);
        if (!isBracket) witness.place(true);
        witness.saidMs = rig.nowMs;
        witness.checkedMs = rig.nowMs;
        break;
      case 'restart':
        rig = watched(rig.restart());
        witness.place(null);
        Object.assign(witness, { lit: false, edgeMs: 0, saidMs: 0, last: null, tag: '' });
        witness.checkedMs = -Infinity;
        break;
      case 'config': {
        const before = witness.config;
        witness.config = { ...CONFIG, ...step[1] };
        configureBay(bay, witness.config);
        if (witness.config.aedMount !== before.aedMount) witness.place(null);
        if (witness.config.aedProfile !== before.aedProfile) {
          witness.rises = [];
          witness.checkedMs = -Infinity;
        }
        break;
      }
      case 'utc':
        rig.utcMs = step[1];
        break;
      case 'wait':
        rig.wait(step[1]);
        break;
      case 'leap':
        rig.nowMs += step[1];
        if (rig.utcMs !== null) rig.utcMs += step[1];
        break;
    }
    rig.run();
  }
  return [ready, byHand];
}

test('L3, CR-084: ready is never told of what nobody could call ready', () => {
  let ready = 0;
  let byHand = 0;
  let played = 0;
  const property = fc.property(fc.array(event, { maxLength: 40, size: 'max' }), (events) => {
    const [told, hand] = play(events);
    if (told > 0) played++;
    ready += told;
    byHand += hand;
  });
  fc.assert(property, { seed: SEED, numRuns: 3000 });
  // Else nothing was shown.
  assert.ok(played > 150, `ready in ${played} of them`);
  assert.ok(byHand > 100 && ready - byHand > 100, `${ready} runs were ready, ${byHand} by hand`);
});

test.run();
