/**
 * The reference control room as a pure machine: it takes what happened, decides by the rules, and
 * gives the lines of its ledger. It knows no clock, no file and no network.
 */
import type { Scheme } from '../schemes/schema.js';
import { attend, attendInTime, lookAgainSoon, type Turn } from './alerting.js';
import { effectsOf, unconfirmedOf } from './effects.js';
import type { Call, Coordinator, Input, Line, UnitReport } from './events.js';
import { fold } from './fold.js';
import type { Entry, Facts } from './lines.js';
import { capacityRefusals, EVERY_AREA } from './rules/capacity.js';
import { createState, type AlertState, type State, type UnitState } from './state.js';

export function createCoordinator(scheme: Scheme): Coordinator & { readonly state: State } {
  const state = createState(scheme);
  /** Of a ledger that was read: what its last decision left undone is still to be done. */
  let isSettled = true;

  function take(input: Input, atMs: number): readonly Line[] {
    const lines: Line[] = [];
    const note = (entry: Entry) => {
      const line: Line = { n: state.n + 1, atMs, ...entry };
      fold(state, line);
      lines.push(line);
    };
    const turn = { state, atMs, note };
    if (input.do === 'unit' && input.report.kind === 'position') {
      hear(turn, input.unit, input.report);
      return lines;
    }
    if (state.n === 0) note({ what: 'opened', scheme: scheme.id, units: state.units.size });
    if (!isSettled) {
      isSettled = true;
      for (const incident of state.incidents.values()) attend(turn, incident);
    }
    takeInput(turn, input);
    return lines;
  }

  function apply(line: Line): void {
    fold(state, line);
    isSettled = false;
  }

  function nextDueMs(): number | null {
    if (!isSettled) return state.lastAtMs;
    let firstMs = Infinity;
    for (const atMs of state.dues.values()) if (atMs < firstMs) firstMs = atMs;
    return firstMs === Infinity ? null : firstMs;
  }

  const effects = (line: Line) => effectsOf(state, line);
  const unconfirmed = () => unconfirmedOf(state);
  return { state, take, apply, effects, unconfirmed, nextDueMs };
}

function takeInput(turn: Turn, input: Input): void {
  const { state, atMs, note } = turn;
  switch (input.do) {
    case 'call':
      return takeCall(turn, input);
    case 'updateSent':
      return takeUpdateSent(turn, input);
    case 'ambulance':
      return takeAmbulance(turn, input);
    case 'capacity':
      return takeCapacity(turn, input);
    case 'unit':
      return takeReport(turn, input.unit, input.report);
    case 'step':
      return takeStep(turn, input);
    case 'volunteer':
      return takeVolunteer(turn, input);
    case 'volunteerIs':
      return takeVolunteerIs(turn, input);
    case 'training':
      return note({ ...without(input), what: 'training' });
    case 'closeIncident':
      return closeIncident(turn, input);
    case 'time':
      for (const [id, dueMs] of [...state.dues]) {
        const incident = state.incidents.get(id);
        if (incident && dueMs <= atMs) attendInTime(turn, incident);
      }
  }
}

type InputTo<D extends Input['do']> = Extract<Input, { do: D }>;

function without<T extends { do: string }>({ do: _, ...rest }: T): Omit<T, 'do'> {
  return rest;
}

function takeCall(turn: Turn, { call }: InputTo<'call'>): void {
  const { state, note } = turn;
  const before = state.incidents.get(call.callId);
  if (!before) {
    if (call.ambulanceReference.trim() === '') {
      return note({ what: 'callRefused', call, reasons: ['noAmbulance'] });
    }
    note({ what: 'call', incident: call.callId, call });
    return attendTo(turn, call.callId);
  }
  const changed = (Object.keys(call) as (keyof typeof call)[]).filter(
    (key) => JSON.stringify(call[key]) !== JSON.stringify(before.call[key]),
  );
  const facts = factsOf(call, changed);
  note({ what: 'callAgain', incident: call.callId, changed, ...(facts ? { facts } : {}) });
  const reference = call.ambulanceReference;
  if (reference.trim() !== '' && reference !== before.ambulanceReference) {
    // Another ambulance is sent instead: the alerts stand (L8).
    const eta = call.ambulanceEtaS === undefined ? {} : { etaS: call.ambulanceEtaS };
    note({ what: 'ambulance', incident: before.id, reference, state: 'sent', ...eta });
  }
  attendTo(turn, call.callId);
}

/** What those who are on their way need to know; a text or address that is gone is none. */
function factsOf({ place, address, text }: Call, changed: readonly string[]): Facts | null {
  const facts = {
    ...(changed.includes('place') ? { place } : {}),
    ...(changed.includes('address') && address !== '' ? { address } : {}),
    ...(changed.includes('text') && text !== '' ? { text } : {}),
  };
  return Object.keys(facts).length > 0 ? facts : null;
}

/** The broker's word for an update; for an older one than the last, or a second one, it says nothing. */
function takeUpdateSent({ state, note }: Turn, { alertId, revision }: InputTo<'updateSent'>): void {
  const update = state.unsentUpdates.get(alertId);
  if (update?.revision !== revision) return;
  const { incident, unit } = update;
  note({ what: 'updateSent', incident, unit, alertId, revision });
}

function takeAmbulance(turn: Turn, { reference, what }: InputTo<'ambulance'>): void {
  const { state, note } = turn;
  const incident = state.incidents.get(state.incidentOfAmbulance.get(reference) ?? '');
  if (!incident) return stray(turn, 'unknownAmbulance', reference, what);
  if (what === 'onScene' && incident.ambulanceOnSceneAtMs !== null) return;
  note({ what: 'ambulance', incident: incident.id, reference, state: what });
  attendTo(turn, incident.id);
}

function takeCapacity(turn: Turn, input: InputTo<'capacity'>): void {
  const { state, note } = turn;
  const reasons = capacityRefusals(state.scheme, input);
  const { partner, area, open, reason: because, role, by } = input;
  const change = { partner, area, open, because, role, by };
  if (reasons.length > 0) return note({ what: 'capacityRefused', ...change, reasons });
  note({ what: 'capacity', ...change });
  // Who waited for this gate need not wait longer; closing one ends nothing (L9).
  if (!open) return;
  for (const id of [...state.searches.keys()]) {
    const incident = state.incidents.get(id);
    const isOf = area === EVERY_AREA || incident?.matched?.area === area;
    if (!incident || !isOf) continue;
    state.searches.delete(id);
    attend(turn, incident);
  }
}

/** A position that is older than what is known changes nothing. */
function hear(
  { state, atMs }: Turn,
  id: string,
  report: Extract<UnitReport, { kind: 'position' }>,
): void {
  const { place, fixAtMs, speedKmh } = report;
  const before = state.heard.positions.get(id);
  if (fixAtMs < (before?.fixAtMs ?? -Infinity)) return;
  // A station is where it was put.
  const unit = state.units.get(id);
  if (!unit || unit.place) return;
  state.heard.positions.set(id, { place, fixAtMs, speedKmh });
  if (!before) lookAgainSoon(state, atMs);
}

function takeReport(turn: Turn, id: string, report: UnitReport): void {
  if (report.kind === 'position') return;
  const unit = turn.state.units.get(id);
  if (!unit) return stray(turn, 'unknownUnit', id, report.kind);
  if (isKnown(unit, report)) return;
  turn.note({ what: 'unit', unit: id, report });
  lookAgainSoon(turn.state, turn.atMs);
  const alert = turn.state.alerts.get(unit.alertId ?? -1);
  if (alert) attendTo(turn, alert.incident);
}

function isKnown(unit: UnitState, report: Exclude<UnitReport, { kind: 'position' }>): boolean {
  switch (report.kind) {
    case 'alive':
      return unit.alive === report.alive;
    case 'crew':
      return unit.crew === report.state;
    case 'aed':
      return unit.presence === report.presence && unit.readiness === report.readiness;
    case 'crewing':
      return unit.responders.join('\n') === report.responders.join('\n');
  }
}

/** A step that is told twice counts once. */
function takeStep(turn: Turn, { alertId, step, reason, stepAtMs }: InputTo<'step'>): void {
  const { state, atMs, note } = turn;
  const alert = state.alerts.get(alertId);
  if (!alert) return stray(turn, 'unknownAlert', String(alertId), step);
  if (alert.steps[step] !== undefined) return;
  const incident = state.incidents.get(alert.incident);
  if (!incident) return;
  const isArrival = step === 'onScene' || step === 'alreadyOnScene';
  const isFirst =
    incident.ambulanceOnSceneAtMs === null && !incident.alerts.some(({ onScene }) => onScene);
  note({
    what: 'step',
    incident: alert.incident,
    unit: alert.unit,
    alertId,
    step,
    reasons: reasonsOf(alert, step, reason),
    stepAtMs,
    ...(step === 'sent' ? { skewMs: atMs - incident.ambulanceAtMs } : {}),
    ...(isArrival && !alert.onScene ? { first: isFirst } : {}),
  });
  attendTo(turn, alert.incident);
}

/** A crew that had accepted and declines for an emergency of its own is called away (Y2). */
function reasonsOf({ accepted }: AlertState, step: string, reason: string): string[] {
  const isCalledAway = step === 'declined' && accepted && reason === 'otherEmergency';
  return [
    ...(reason === '' ? [] : [reason]),
    ...(isCalledAway ? ['released_police_priority'] : []),
  ];
}

function takeVolunteer(turn: Turn, { volunteer, incident: id, what }: InputTo<'volunteer'>): void {
  const { state, note } = turn;
  const before = state.incidents.get(id)?.volunteers.get(volunteer);
  if (!before) return stray(turn, 'unknownVolunteer', `${id} ${volunteer}`, what);
  // The telephone network's word may come after the volunteer's, or twice.
  const isLate = what === 'sent' && !state.unsentVolunteers.has(`${id} ${volunteer}`);
  if (before.step === what || isLate) return;
  note({ what: 'volunteer', incident: id, volunteer, step: what });
  attendTo(turn, id);
}

function takeVolunteerIs(turn: Turn, input: InputTo<'volunteerIs'>): void {
  const { state, note } = turn;
  const { volunteer, standard, verifiedUntil, available, place } = input;
  if (place) state.heard.volunteers.set(volunteer, place);
  else state.heard.volunteers.delete(volunteer);
  const before = state.volunteers.get(volunteer);
  const isSame =
    before?.standard === standard &&
    before.verifiedUntil === verifiedUntil &&
    before.available === available;
  if (!isSame) note({ what: 'volunteerIs', volunteer, standard, verifiedUntil, available });
}

function closeIncident(turn: Turn, input: InputTo<'closeIncident'>): void {
  const { incident: id, patients, resuscitatedAndTransported } = input;
  const incident = turn.state.incidents.get(id);
  const told = `${patients} patients, ${resuscitatedAndTransported} resuscitated`;
  if (!incident) return stray(turn, 'unknownIncident', id, told);
  if (incident.closed) return stray(turn, 'closedBefore', id, told);
  const counts = [patients, resuscitatedAndTransported];
  const isCount = counts.every((count) => Number.isInteger(count) && count >= 0);
  if (!isCount || resuscitatedAndTransported > patients) return stray(turn, 'badCounts', id, told);
  turn.note({ ...without(input), what: 'closed' });
  attendTo(turn, id);
}

function attendTo(turn: Turn, id: string): void {
  const incident = turn.state.incidents.get(id);
  if (incident) attend(turn, incident);
}

function stray({ note }: Turn, reason: string, about: string, told: string): void {
  note({ what: 'stray', reasons: [reason], about, told });
}
