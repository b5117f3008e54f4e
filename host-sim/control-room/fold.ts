/**
 * What each line of the ledger changes in what the control room knows. It decides nothing: a ledger
 * that is read again gives what was known when its last line was written.
 */
import { UserError } from '../exit-codes.js';
import type { Line } from './events.js';
import type { KnownLine, LineOf, What } from './lines.js';
import { EVERY_AREA } from './rules/capacity.js';
import { dueMs } from './rules/escalation.js';
import { WEEK_MS } from './rules/forecast.js';
import type { AlertState, IncidentState, State } from './state.js';

/** @throws UserError if the line is none of this scheme's ledger, or not its next */
export function fold(state: State, line: Line): void {
  const change = CHANGES[line.what as What] as ((state: State, line: Line) => void) | undefined;
  if (!change)
    throw new UserError('badFile', `line ${line.n}: found no such thing as ${line.what}`);
  if (line.n !== state.n + 1) {
    throw new UserError('badFile', `expected line ${state.n + 1}, found line ${line.n}`);
  }
  change(state, line);
  state.n = line.n;
  state.lastAtMs = line.atMs;
  if (line.incident !== undefined) refreshDue(state, line.incident);
}

/** To be called whenever something of an incident changed. */
export function refreshDue(state: State, id: string): void {
  const incident = state.incidents.get(id);
  const atMs = incident ? dueMs(state, incident) : null;
  if (atMs === null) state.dues.delete(id);
  else state.dues.set(id, atMs);
}

/** Nothing follows from it: it is there to be read. */
function nothing(): void {}

const CHANGES: { [W in What]: (state: State, line: LineOf<W>) => void } = {
  opened({ scheme }, line) {
    if (line.scheme === scheme.id) return;
    const found = `found that of ${line.scheme}`;
    throw new UserError('badFile', `expected a ledger of ${scheme.id}, ${found}`);
  },
  call(state, { incident, call, atMs }) {
    state.incidents.set(incident, {
      id: incident,
      call,
      atMs,
      revision: 0,
      ambulanceReference: '',
      ambulanceAtMs: atMs,
      ambulanceOnSceneAtMs: null,
      matched: null,
      ended: '',
      alerts: [],
      volunteers: new Map(),
      shortage: '',
      closed: null,
    });
  },
  callAgain(state, { incident: id, facts }) {
    const incident = incidentOf(state, id);
    if (!facts) return;
    incident.call = { ...incident.call, ...facts };
    incident.revision = Math.min(incident.revision + 1, MAX_REVISION);
  },
  callRefused: nothing,
  ambulance(state, { incident: id, reference, state: what, atMs }) {
    const incident = incidentOf(state, id);
    if (what === 'sent') {
      incident.ambulanceReference = reference;
      incident.ambulanceAtMs = atMs;
      state.incidentOfAmbulance.set(reference, id);
    } else if (what === 'onScene') incident.ambulanceOnSceneAtMs ??= atMs;
    // An ambulance that is sent elsewhere before it came is followed by another.
    else if (incident.ambulanceOnSceneAtMs !== null) incident.ended ||= 'ambulanceClear';
  },
  matched(state, line) {
    incidentOf(state, line.incident).matched = line;
  },
  noAlert(state, line) {
    const incident = incidentOf(state, line.incident);
    if (line.final) incident.ended = line.reasons[0] ?? 'refused';
    incident.shortage = shortageOf(line);
    const searchMs = line.atMs + state.scheme.alerting.retryAfterS * 1000;
    state.searches.set(incident.id, { atMs: searchMs, wanted: line.wanted });
  },
  passedOver: nothing,
  alert(state, line) {
    const { incident: id, unit: unitId, alertId, atMs, expiresAtMs, reasons } = line;
    const incident = incidentOf(state, id);
    // An alert says what the call says by now.
    const { revision = 0 } = state.incidents.get(id) ?? {};
    const none = { revision, steps: {}, accepted: false, onScene: false, failed: '', over: '' };
    const alert = { id: alertId, unit: unitId, incident: id, atMs, expiresAtMs, reasons, ...none };
    if (incident.alerts.length === 0) {
      const recent = state.activations.filter((each) => each.atMs > atMs - WEEK_MS);
      state.activations = [...recent, { atMs, area: incident.matched?.area ?? '' }];
    }
    incident.alerts.push(alert);
    incident.shortage = '';
    state.searches.delete(id);
    state.alerts.set(alertId, alert);
    state.lastAlertId = alertId;
    state.unsent.set(alertId, line);
    const unit = state.units.get(unitId);
    if (unit) unit.alertId = alertId;
  },
  step(state, line) {
    const alert = alertOf(state, line.alertId);
    alert.steps[line.step] ??= line.atMs;
    if (line.step !== 'standDownSent') state.unsent.delete(alert.id);
    if (ENDS_STAND_DOWN.has(line.step)) state.unsentStandDowns.delete(alert.id);
    takeStep(state, alert, line.step);
  },
  update(state, line) {
    alertOf(state, line.alertId).revision = line.revision;
    state.unsentUpdates.set(line.alertId, line);
  },
  updateSent(state, { alertId, revision }) {
    if (state.unsentUpdates.get(alertId)?.revision === revision)
      state.unsentUpdates.delete(alertId);
  },
  failed(state, { alertId, reasons }) {
    alertOf(state, alertId).failed = reasons[0] ?? 'failed';
  },
  over(state, { alertId, reasons }) {
    const alert = alertOf(state, alertId);
    if (!alert.accepted) alert.failed ||= reasons[0] ?? 'over';
    end(state, alert, reasons[0] ?? 'over');
    state.unsent.delete(alertId);
  },
  standDown(state, line) {
    end(state, alertOf(state, line.alertId), 'stoodDown');
    state.unsent.delete(line.alertId);
    state.unsentStandDowns.set(line.alertId, line);
  },
  capacity(state, { area, open, because, by, atMs }) {
    for (const [id, gate] of state.gates) {
      if (area === EVERY_AREA || area === id) {
        Object.assign(gate, { open, reason: because, by, atMs });
      }
    }
  },
  capacityRefused: nothing,
  unit(state, { unit: id, report }) {
    const unit = state.units.get(id);
    if (!unit) throw new UserError('badFile', `${id} is no unit of ${state.scheme.id}`);
    if (report.kind === 'crew') unit.crew = report.state;
    else if (report.kind === 'crewing') unit.responders = report.responders;
    else if (report.kind === 'aed') {
      unit.presence = report.presence;
      unit.readiness = report.readiness;
    } else {
      unit.alive = report.alive;
      const alert = unit.alertId === null ? undefined : state.alerts.get(unit.alertId);
      if (!alert) return;
      // What it was sent it still has.
      if (report.alive && alert.failed === 'unitDead') alert.failed = '';
      refreshDue(state, alert.incident);
    }
  },
  training(state, { responder, skill, trainedOn }) {
    const skills = state.training.get(responder) ?? new Map<string, string>();
    state.training.set(responder, skills.set(skill, trainedOn));
  },
  volunteerIs(state, { volunteer, standard, verifiedUntil, available }) {
    state.volunteers.set(volunteer, { standard, verifiedUntil, available });
  },
  alertVolunteer(state, line) {
    const { incident, volunteer, atMs } = line;
    incidentOf(state, incident).volunteers.set(volunteer, { atMs, step: 'alerted' });
    state.unsentVolunteers.set(`${incident} ${volunteer}`, line);
  },
  volunteer(state, { incident, volunteer, step }) {
    const { volunteers } = incidentOf(state, incident);
    const before = volunteers.get(volunteer);
    if (!before) throw new UserError('badFile', `${volunteer} is not alerted for ${incident}`);
    // The telephone network's word may come after the silence.
    const isLate = step === 'sent' && before.step !== 'alerted';
    if (!isLate) volunteers.set(volunteer, { ...before, step });
    if (step !== 'silent') state.unsentVolunteers.delete(`${incident} ${volunteer}`);
  },
  closed(state, line) {
    const incident = incidentOf(state, line.incident);
    incident.closed = line;
    incident.ended = 'closed';
  },
  warning(state, { area, atMs }) {
    state.warnedAtMs.set(area, atMs);
  },
  stray: nothing,
};

/** Every kind of line that there is. */
export const KINDS = Object.keys(CHANGES) as What[];

/** A unit counts no further (SPEC, `update`): what changes then is for those alerted after it. */
export const MAX_REVISION = 255;

/** By these the unit or the broker shows that a stand-down is no longer to be sent. */
const ENDS_STAND_DOWN = new Set(['standDownSent', 'stoodDown', 'expired', 'declined', 'clear']);

/** Steps after which a unit is not on its alert any more. */
const ENDS = new Set(['declined', 'clear', 'stoodDown']);

/** Ends that a late acceptance takes back: the crew goes all the same. */
const REVOCABLE = new Set(['expired', 'declined']);

function takeStep(state: State, alert: AlertState, step: LineOf<'step'>['step']): void {
  const isArrival = step === 'onScene' || step === 'alreadyOnScene';
  if (isArrival) alert.onScene = true;
  if (isArrival || step === 'accepted' || step === 'enRoute') accept(state, alert);
  if (step === 'notAnArrest') incidentOf(state, alert.incident).ended ||= step;
  const isOpen = !alert.accepted && (step === 'refused' || step === 'expired');
  if (isOpen || (step === 'unanswered' && !alert.accepted)) alert.failed ||= step;
  if (step === 'declined') alert.failed = step;
  if (isOpen || ENDS.has(step)) end(state, alert, step);
}

/** Whatever was decided without its word: the crew goes. Only a stand-down stays one. */
function accept(state: State, alert: AlertState): void {
  alert.accepted = true;
  if (alert.over !== 'stoodDown') alert.failed = '';
  if (!REVOCABLE.has(alert.over)) return;
  alert.over = '';
  const unit = state.units.get(alert.unit);
  if (unit) unit.alertId ??= alert.id;
}

function end(state: State, alert: AlertState, why: string): void {
  alert.over ||= why;
  state.unsentUpdates.delete(alert.id);
  const unit = state.units.get(alert.unit);
  if (unit?.alertId === alert.id) unit.alertId = null;
}

/** What a shortage says, but for figures that change with every second. */
export function shortageOf({
  reasons,
  considered,
  more,
}: Pick<LineOf<'noAlert'>, 'reasons' | 'considered' | 'more'>): string {
  const units = considered.map(({ unit, reasons: why }) => [unit, ...why]);
  return JSON.stringify([reasons, units, more]);
}

function incidentOf({ incidents }: State, id: string): IncidentState {
  const incident = incidents.get(id);
  if (!incident) throw new UserError('badFile', `${id} is no incident of the lines before`);
  return incident;
}

function alertOf({ alerts }: State, id: number): AlertState {
  const alert = alerts.get(id);
  if (!alert) throw new UserError('badFile', `${id} is no alert of the lines before`);
  return alert;
}

/** A line, as one of those that are known: `fold` has refused all others. */
export function known(line: Line): KnownLine {
  return line as KnownLine;
}
