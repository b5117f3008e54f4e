/** Holds a run against the checks of its scenario. Each gives its verdict with what was found. */
import { Fix, Presence, Readiness } from '../../protocol/codes.js';
import { nameOf, type Fields } from '../../protocol/host/messages.js';
import type { ControlRoom, Order } from '../control-room/control-room.js';
import type { LedgerEntry } from '../control-room/ledger.js';
import type { Attacker, Tally } from '../world/attacker.js';
import type { Vehicle } from '../world/vehicle.js';
import { reasonsIn } from './day-ledger.js';
import type { Check } from './schema.js';

export interface Verdict {
  readonly id: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Outcome {
  readonly controlRoom: ControlRoom;
  readonly vehicles: ReadonlyMap<string, Vehicle>;
  /** Absent where the scenario has none. */
  readonly attacker?: Attacker;
  /** In the order of the scenario's dispatches; undefined for one that was not sent. */
  readonly dispatches: readonly (LedgerEntry | undefined)[];
  /** Configs and commands, as they were sent. */
  readonly orders: readonly Order[];
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
    case 'readiness': {
      const { readiness, reasons } = known(check.unit, outcome)?.latest['aed'] ?? {};
      const words = (name: string, all: readonly string[]) => [name, ...all].join(', ');
      const wanted = words(check.readiness, check.reasons);
      const told =
        readiness === undefined
          ? 'nothing was said'
          : words(nameOf(Readiness, Number(readiness)), reasonsIn(Number(reasons)));
      return { ok: told === wanted, detail: `the AED of ${check.unit} is ${wanted}: ${told}` };
    }
    case 'status': {
      const status = known(check.unit, outcome)?.status || 'nothing was said';
      return {
        ok: status === check.status,
        detail: `the crew of ${check.unit} is ${check.status}: ${status}`,
      };
    }
    case 'missed': {
      const count = known(check.unit, outcome)?.missed.length ?? 0;
      return {
        ok: count >= check.atLeast,
        detail: `${check.unit} tells at least ${check.atLeast} missed positions: ${count}`,
      };
    }
    case 'self-tests': {
      const count = vehicle(check.unit, outcome).lampTests;
      return {
        ok: count === check.count,
        detail: `${check.unit} tests itself ${check.count} times: ${count}`,
      };
    }
    case 'outcomes': {
      const words = (names: readonly string[]) => names.join(', ') || 'nothing';
      const told = words(outcome.orders.map((order) => order.outcome ?? 'nothing was said'));
      const wanted = words(check.are);
      return { ok: told === wanted, detail: `orders end with ${wanted}: ${told}` };
    }
    case 'refusals': {
      const health = known(check.unit, outcome)?.latest['health'] ?? {};
      const told = refusalsIn(health);
      return compared(check.unit, outcome.attacker?.atUnits.get(check.unit) ?? {}, told);
    }
    case 'control-refusals':
      return compared(
        'the control room',
        outcome.attacker?.atControl ?? {},
        outcome.controlRoom.refused,
      );
    case 'generation': {
      const generation = known(check.unit, outcome)?.generation ?? 0;
      return {
        ok: generation === check.generation,
        detail: `${check.unit} seals with generation ${check.generation}: ${generation}`,
      };
    }
  }
}

/** The counts of a health report that are not zero, by the name of the code. */
function refusalsIn(health: Fields): Tally {
  const tally: Tally = {};
  for (const [field, count] of Object.entries(health)) {
    const name = /^refused([A-Z])(.*)$/.exec(field);
    if (name && count) tally[`${name[1]!.toLowerCase()}${name[2]}`] = Number(count);
  }
  return tally;
}

function compared(who: string, wanted: Tally, told: Tally): { ok: boolean; detail: string } {
  const inOrder = (tally: Tally) => Object.entries(tally).sort(([a], [b]) => (a < b ? -1 : 1));
  const words = (tally: Tally) =>
    inOrder(tally)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'nothing';
  const ok = words(wanted) === words(told);
  return { ok, detail: `${who} refuses ${words(wanted)}: ${ok ? 'just these' : words(told)}` };
}

function vehicle(unit: string, { vehicles }: Outcome): Vehicle {
  return vehicles.get(unit) as Vehicle;
}

function known(unit: string, { controlRoom }: Outcome) {
  return controlRoom.units.get(unit);
}
