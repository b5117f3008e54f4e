/** Whether a unit can be alerted now, and what its crew must then be told: every reason, in codes. */
import type { Area } from '../../schemes/schema.js';
import type { State, UnitState } from '../state.js';
import { isLive } from './rollout.js';
import { crewTraining } from './skills.js';

export interface Standing {
  /** Why it is not alerted; none where it may be. */
  readonly refusals: string[];
  /** What the crew is told with the alert, by the scheme's data (L3). */
  readonly told: string[];
  /** What the control room is warned of (N6). */
  readonly warned: string[];
}

/** @param areas of the scheme by id @param date in London */
export function standingOf(
  state: State,
  unit: UnitState,
  areas: ReadonlyMap<string, Area>,
  date: string,
): Standing {
  const { eligibility } = state.scheme;
  const standing: Standing = { refusals: [], told: [], warned: [] };
  const refuseIf = (holds: boolean, code: string) => {
    if (holds) standing.refusals.push(code);
  };
  refuseIf(unit.alertId !== null, 'onAlert');
  refuseIf(!unit.alive, 'unitDead');
  refuseIf(!isLive(areas.get(unit.area) as Area, date), 'beforeGoLive');
  refuseIf(!state.gates.get(unit.area)?.open, 'gateClosed');
  const lacks = eligibility.capabilities.some((each) => !unit.capabilities.includes(each));
  refuseIf(lacks, 'capabilityMissing');
  refuseIf(unit.crew === 'unavailable', 'crewUnavailable');
  refuseIf(unit.crew === 'committed', 'crewCommitted');
  refuseIf(unit.crew === 'unknown' && eligibility.crewUnknown === 'refuse', 'crewUnknown');
  judgeAed(standing, unit, eligibility);
  const training = crewTraining(state.scheme, state.training, unit.responders, date);
  if (training === 'lapsed') judge(standing, eligibility.skillNotCurrent, 'skillNotCurrent');
  if (training === 'unknown') judge(standing, eligibility.skillUnknown, 'skillUnknown');
  return standing;
}

type Eligibility = State['scheme']['eligibility'];

/** Present and ready, or told otherwise (L3). Unknown is never ready. */
function judgeAed(standing: Standing, unit: UnitState, eligibility: Eligibility): void {
  const { presence, readiness } = unit;
  if (presence === 'absent') judge(standing, eligibility.aedAbsent, 'aedAbsent');
  else if (readiness === 'attention' || readiness === 'fault') {
    judge(standing, eligibility.aedNotReady, 'aedNotReady');
  } else if (presence === 'unknown' || readiness === 'unknown') {
    judge(standing, eligibility.aedUnknown, 'aedUnknown');
  }
}

function judge(
  { refusals, told, warned }: Standing,
  rule: 'refuse' | 'tellCrew' | 'warn' | 'alert',
  code: string,
): void {
  if (rule === 'refuse') refusals.push(code);
  if (rule === 'tellCrew') told.push(code);
  if (rule === 'warn') warned.push(code);
}
