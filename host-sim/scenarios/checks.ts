/** Holds a run against the checks of its scenario. Each gives its verdict with what was found. */
import { Fix, Presence } from '../../protocol/codes.js';
import { nameOf } from '../../protocol/host/messages.js';
import type { ControlRoom } from '../control-room/control-room.js';
import type { LedgerEntry } from '../control-room/ledger.js';
import type { Vehicle } from '../world/vehicle.js';
import type { Check } from './schema.js';

export interface Verdict {
  readonly id: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Outcome {
  readonly controlRoom: ControlRoom;
  readonly vehicles: ReadonlyMap<string, Vehicle>;
  /** In the order of the scenario's dispatches; undefined for one that was not sent. */
  readonly dispatches: readonly (LedgerEntry | undefined)[];
}

export function verdict(check: Check, outcome: Outcome): Verdict {
  const { ok, detail } = judge(check, outcome);
  return { id: check.id, ok, detail };
}

function judge(check: Check, outcome: Outcome): { ok: boolean; detail: string } {
  switch (check.kind) {
    case 'step': {
      const ms = outcome.dispatches[check.dispatch]?.steps[check.step];
      const wanted = `${check.step} within ${check.withinMs} ms`;
      if (ms === undefined) return { ok: false, detail: `${wanted}: it never came` };
      return { ok: ms <= check.withinMs, detail: `${wanted}: after ${ms} ms` };
    }
    case 'no-step': {
      const ms = outcome.dispatches[check.dispatch]?.steps[check.step];
      const found = ms === undefined ? 'it never came' : `it came after ${ms} ms`;
      return { ok: ms === undefined, detail: `never ${check.step}: ${found}` };
    }
    case 'alarms': {
      const count = vehicle(check.unit, outcome).alarms.beganAtMs.length;
      return {
        ok: count === check.count,
        detail: `${check.unit} sounds ${check.count} times: ${count}`,
      };
    }
    case 'quiet': {
      const { sounding } = vehicle(check.unit, outcome).alarms;
      return {
        ok: !sounding,
        detail: `${check.unit} is quiet at the end: ${sounding ? 'it sounds' : 'it is'}`,
      };
    }
    case 'alive': {
      const alive = known(check.unit, outcome)?.alive ?? false;
      const wanted = `${check.unit} is ${check.alive ? 'alive' : 'dead'} at the end`;
      return { ok: alive === check.alive, detail: `${wanted}: ${alive ? 'alive' : 'dead'}` };
    }
    case 'positions': {
      const count = known(check.unit, outcome)?.counts['position'] ?? 0;
      return {
        ok: count >= check.atLeast,
        detail: `${check.unit} reports at least ${check.atLeast} positions: ${count}`,
      };
    }
    case 'fix': {
      const fix = known(check.unit, outcome)?.latest['position']?.['fix'];
      const hasFix = fix !== undefined && fix !== Fix.none;
      const wanted = `${check.unit} ${check.known ? 'has' : 'says that it has no'} fix at the end`;
      return {
        ok: fix !== undefined && hasFix === check.known,
        detail: `${wanted}: ${fix === undefined ? 'nothing was said' : nameOf(Fix, Number(fix))}`,
      };
    }
    case 'aed': {
      const found = known(check.unit, outcome)?.latest['aed']?.['presence'];
      const name = found === undefined ? 'nothing was said' : nameOf(Presence, Number(found));
      return {
        ok: name === check.presence,
        detail: `the AED of ${check.unit} is ${check.presence}: ${name}`,
      };
    }
  }
}

function vehicle(unit: string, { vehicles }: Outcome): Vehicle {
  return vehicles.get(unit) as Vehicle;
}

function known(unit: string, { controlRoom }: Outcome) {
  return controlRoom.units.get(unit);
}
