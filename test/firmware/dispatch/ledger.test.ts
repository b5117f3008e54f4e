/**
 * The desk against its model: whatever comes, in whatever order and how often, wherever the power
 * fails. `LEDGER_RUNS` and `LEDGER_SEED` search further than the suite does.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import { LedgerRig } from './ledger-rig.js';

const RUNS = Number(process.env['LEDGER_RUNS'] ?? 3000);
const SEED = Number(process.env['LEDGER_SEED'] ?? 20260803);
const MAX_ID = 30;
const MAX_ACTS = 100;

const id = fc.integer({ min: 1, max: MAX_ID });
/** 0 is whoever waits longest. */
const someone = fc.oneof(fc.constant(0), id);
const at = fc.nat(1000);

function act<const K extends string, T extends object>(
  what: K,
  weight: number,
  fields: { [P in keyof T]: fc.Arbitrary<T[P]> },
): { weight: number; arbitrary: fc.Arbitrary<{ what: K } & T> } {
  const arbitrary = fc.record(fields).map((values) => ({ what, ...(values as T) }));
  return { weight, arbitrary };
}

const anyAct = fc.oneof(
  act('dispatch', 6, { id }),
  // From its coming to a decline: so that memory fills up with what is closed.
  act('declined', 4, { id }),
  act('update', 3, {
    id,
    revision: fc.integer({ min: 1, max: 3 }),
    lastsMs: fc.constantFrom(0, 30000, 600000),
  }),
  act('stand-down', 2, { id }),
  // Most come in order, some late, some more than once.
  act('deliver', 10, { at: fc.constant(0), isAckLost: fc.constant(false) }),
  act('deliver', 4, { at, isAckLost: fc.boolean() }),
  act('repeat', 2, { at }),
  act('wait', 6, { ms: fc.constantFrom(10, 1000, 5000, 20000, 40000, 700000) }),
  act('touch', 3, { id: someone }),
  act('answer', 4, { id: someone, isDecline: fc.boolean() }),
  act('close', 2, { at }),
  act('power', 1, {}),
  act('cut', 2, { cut: fc.constantFrom('before' as const, 'after' as const) }),
  act('clock', 1, { offMs: fc.constantFrom(null, 0, 0, -3000, 3000, -3600000, 3600000) }),
);
type Act = typeof anyAct extends fc.Arbitrary<infer T> ? T : never;

/** How long a dispatch lasts; with the same id it is always the same dispatch. */
function lifetimeMs(dispatchId: number): number {
  return [15000, 45000, 600000, 3600000][dispatchId % 4] as number;
}

function perform(rig: LedgerRig, act: Act, issued: Map<number, number>): void {
  const counter = rig.sent.length;
  if (act.what === 'dispatch' || act.what === 'declined') {
    const issuedAt = issued.get(act.id) ?? rig.roomMs;
    issued.set(act.id, issuedAt);
    const expiresAt = issuedAt + lifetimeMs(act.id);
    const said = { dispatchId: act.id, revision: 0, issuedAt, expiresAt };
    rig.send({ counter, kind: 'dispatch', said });
    if (act.what === 'dispatch') return;
    rig.deliver(rig.wire.length - 1, false);
    rig.answer(act.id, true);
  } else if (act.what === 'update') {
    const { id: dispatchId, revision } = act;
    const expiresAt = rig.roomMs + act.lastsMs;
    const said = { dispatchId, revision, issuedAt: rig.roomMs, expiresAt };
    rig.send({ counter, kind: 'update', said });
  } else if (act.what === 'stand-down') rig.send({ counter, kind: 'stand-down', id: act.id });
  else if (act.what === 'deliver') rig.deliver(act.at, act.isAckLost);
  else if (act.what === 'repeat') rig.repeat(act.at);
  else if (act.what === 'wait') rig.wait(act.ms);
  else if (act.what === 'touch') rig.touch(act.id);
  else if (act.what === 'answer') rig.answer(act.id, act.isDecline);
  else if (act.what === 'close') rig.close(act.at);
  else if (act.what === 'power') rig.powerOff();
  else if (act.what === 'cut') rig.cut = act.cut;
  else rig.offMs = act.offMs;
}

test(`CR-040 to CR-049: ${RUNS} runs against the model, seed ${SEED}`, () => {
  const property = fc.property(fc.array(anyAct, { maxLength: MAX_ACTS, size: 'max' }), (acts) => {
    const rig = new LedgerRig();
    const issued = new Map<number, number>();
    for (const act of acts) perform(rig, act, issued);
    rig.wait(1000);
    rig.check();
  });
  fc.assert(property, { seed: SEED, numRuns: RUNS, includeErrorInReport: true });
});

test.run();
