/**
 * What an incident needs now, decided from what is known and from nothing that was about to be done:
 * whatever was cut off by a crash is decided again, and what was decided is not.
 */
import type { Entry } from './lines.js';
import { criteriaOn, ruleFor } from './rules/criteria.js';
import { choose } from './rules/choice.js';
import {
  failureOf,
  isSought,
  overAtMs,
  silentAtMs,
  standDownOf,
  wantedUnits,
} from './rules/escalation.js';
import { overForecast } from './rules/forecast.js';
import { areaOf, isLive, isRunning, londonDate } from './rules/rollout.js';
import { nearestPublicAed } from './rules/told.js';
import { areVolunteersSought, chooseVolunteers, volunteerSilentAtMs } from './rules/volunteers.js';
import { refreshDue, shortageOf } from './fold.js';
import type { IncidentState, State, UnitState } from './state.js';

/** One turn of the control room: what is noted is known at once. */
export interface Turn {
  readonly state: State;
  readonly atMs: number;
  readonly note: (entry: Entry) => void;
}

/** Does all that an incident needs and that is not done: noted twice is never anything. */
export function attend(turn: Turn, incident: IncidentState): void {
  const { call } = incident;
  // The ambulance comes first, whatever follows (L2, L8).
  if (incident.ambulanceReference === '') {
    const eta = call.ambulanceEtaS === undefined ? {} : { etaS: call.ambulanceEtaS };
    const reference = call.ambulanceReference;
    turn.note({ what: 'ambulance', incident: incident.id, reference, state: 'sent', ...eta });
  }
  if (!incident.matched && incident.ended === '') judgeCall(turn, incident);
  if (!incident.matched) return;
  if (incident.ended === '') judgeArea(turn, incident);
  tellOnTheirWay(turn, incident);
  noteFailures(turn, incident);
  standDownOthers(turn, incident);
  if (isSought(turn.state.scheme, incident, turn.atMs)) alertUnits(turn, incident);
  else seekNoMore(turn, incident);
  alertVolunteers(turn, incident);
}

/** Who has a dispatch and is not there yet is told what the call says now, answered or not. */
function tellOnTheirWay(
  { atMs, note }: Turn,
  { id: incident, revision, alerts }: IncidentState,
): void {
  for (const { id: alertId, unit, ...alert } of alerts) {
    const isWanted = alert.over === '' && !alert.onScene;
    const isKept = alert.accepted || alert.expiresAtMs > atMs;
    if (!isWanted || !isKept || alert.revision >= revision) continue;
    note({ what: 'update', incident, unit, alertId, revision });
  }
}

/** What time alone decides. */
export function attendInTime(turn: Turn, incident: IncidentState): void {
  const { state, atMs, note } = turn;
  for (const alert of incident.alerts) {
    const named = { incident: incident.id, unit: alert.unit, alertId: alert.id };
    const silent = silentAtMs(state.scheme, alert);
    if (silent !== null && silent <= atMs) note({ what: 'failed', ...named, reasons: ['silent'] });
    const over = overAtMs(state.scheme, alert);
    if (over === null || over > atMs) continue;
    note({ what: 'over', ...named, reasons: [alert.accepted ? 'noWordOfEnd' : 'expired'] });
  }
  for (const [volunteer, alert] of incident.volunteers) {
    const silent = volunteerSilentAtMs(state.scheme, incident, alert);
    if (silent === null || silent > atMs) continue;
    note({ what: 'volunteer', incident: incident.id, volunteer, step: 'silent' });
  }
  attend(turn, incident);
}

/** By the criteria of the day on which the call came (L7). */
function judgeCall(turn: Turn, incident: IncidentState): void {
  const { scheme } = turn.state;
  const { call, id } = incident;
  const date = londonDate(incident.atMs);
  const { version: criteriaVersion, rules } = criteriaOn(scheme, date);
  const rule = ruleFor(rules, call.determinant);
  if (!isRunning(scheme, date)) return refuse(turn, id, 'schemeNotRunning', criteriaVersion);
  if (!rule) return refuse(turn, id, 'notMatched', criteriaVersion);
  const area = areaOf(scheme, call.place);
  turn.note({
    what: 'matched',
    incident: id,
    criteriaVersion,
    rule: rule.code,
    category: rule.category,
    area: area?.id ?? null,
    wave: area?.wave ?? null,
    publicAed: nearestPublicAed(scheme, call.place, date),
  });
}

/** By the day on which the call came, too: midnight changes nothing for it (L10). */
function judgeArea(turn: Turn, { id, matched, atMs }: IncidentState): void {
  const area = turn.state.scheme.areas.find((each) => each.id === matched?.area);
  const criteriaVersion = matched?.criteriaVersion ?? null;
  if (!area) refuse(turn, id, 'outsideAreas', criteriaVersion);
  else if (!isLive(area, londonDate(atMs))) refuse(turn, id, 'beforeGoLive', criteriaVersion);
}

/** No unit is alerted for this call, now or later. */
function refuse(turn: Turn, incident: string, reason: string, criteriaVersion: number | null) {
  const found = { wanted: 0, considered: [], more: {}, criteriaVersion };
  turn.note({ what: 'noAlert', incident, reasons: [reason], final: true, ...found });
}

function seekNoMore({ state }: Turn, { id }: IncidentState): void {
  if (state.searches.delete(id)) refreshDue(state, id);
}

/** After news of a unit: it may be the one that a call waits for. Together with what else comes. */
const NEWS_MS = 1000;

export function lookAgainSoon(state: State, atMs: number): void {
  for (const [id, { wanted, atMs: searchMs }] of state.searches) {
    if (searchMs <= atMs + NEWS_MS) continue;
    state.searches.set(id, { atMs: atMs + NEWS_MS, wanted });
    refreshDue(state, id);
  }
}

/** Alerts that cannot be relied on any more, seen from their units. */
function noteFailures({ state, note }: Turn, incident: IncidentState): void {
  for (const alert of incident.alerts) {
    if (alert.over !== '') continue;
    const reason = failureOf(alert, state.units.get(alert.unit) as UnitState);
    if (reason === '') continue;
    const named = { incident: incident.id, unit: alert.unit, alertId: alert.id };
    note({ what: 'failed', ...named, reasons: [reason] });
  }
}

function standDownOthers({ state, note }: Turn, incident: IncidentState): void {
  for (const alert of incident.alerts) {
    if (alert.over !== '') continue;
    const reason = standDownOf(state.scheme, incident, alert);
    if (reason === '') continue;
    const named = { incident: incident.id, unit: alert.unit, alertId: alert.id };
    note({ what: 'standDown', ...named, reasons: [reason] });
  }
}

/** Units until as many as wanted count, the soonest first; a shortage has its reasons. */
function alertUnits(turn: Turn, incident: IncidentState): void {
  const { state, atMs, note } = turn;
  const { wanted, allowed } = wantedUnits(state.scheme, incident);
  if (wanted === 0) return seekNoMore(turn, incident);
  // Between two searches, nothing that this incident hears of makes a unit fit to go.
  const search = state.searches.get(incident.id);
  if (search && atMs < search.atMs && wanted === search.wanted) return;
  const area = incident.matched?.area as string;
  if (!state.gates.get(area)?.open) return fallShort(turn, incident, 'gateClosed');
  if (allowed === 0) return fallShort(turn, incident, 'mostUnitsAlerted');
  const before = new Set(incident.alerts.map(({ unit }) => unit));
  const count = Math.min(wanted, allowed);
  const choice = choose(state, incident.call.place, count, before, londonDate(atMs), atMs);
  const { chosen, considered, more } = choice;
  if (chosen.length > 0 && chosen.length === count && considered.length > 0) {
    note({ what: 'passedOver', incident: incident.id, considered, more });
  }
  for (const { unit, told, warned, travelS, errorM } of chosen) {
    note({
      what: 'alert',
      incident: incident.id,
      unit,
      // Not below the time, so that two ledgers on one fleet do not use a number twice.
      alertId: Math.max(state.lastAlertId + 1, Math.floor(atMs / 1000)),
      reasons: [...told, ...warned],
      ambulanceReference: incident.ambulanceReference,
      ambulanceEtaS: incident.call.ambulanceEtaS ?? null,
      travelS,
      errorM,
      expiresAtMs: atMs + state.scheme.alerting.expiresAfterS * 1000,
    });
    for (const over of overForecast(state, atMs)) {
      note({ what: 'warning', reasons: ['aboveForecast'], ...over });
    }
  }
  if (chosen.length === count) return;
  const reason = considered.length > 0 ? 'noUnitEligible' : 'noUnitInReach';
  fallShort(turn, incident, reason, considered, more);
}

/** Written once as long as it stays the same; looked at again in a while. */
function fallShort(
  turn: Turn,
  incident: IncidentState,
  reason: string,
  considered: Extract<Entry, { what: 'noAlert' }>['considered'] = [],
  more: Readonly<Record<string, number>> = {},
): void {
  const { state, atMs, note } = turn;
  const reasons = [reason];
  const { wanted } = wantedUnits(state.scheme, incident);
  if (shortageOf({ reasons, considered, more }) === incident.shortage) {
    const searchMs = atMs + state.scheme.alerting.retryAfterS * 1000;
    state.searches.set(incident.id, { atMs: searchMs, wanted });
    return refreshDue(state, incident.id);
  }
  const criteriaVersion = incident.matched?.criteriaVersion ?? null;
  const found = { wanted, considered, more, criteriaVersion };
  note({ what: 'noAlert', incident: incident.id, reasons, final: false, ...found });
}

/** Beside the units, in every area: they belong to the ambulance service, not to the partner. */
function alertVolunteers({ state, atMs, note }: Turn, incident: IncidentState): void {
  if (!areVolunteersSought(state.scheme, incident, atMs)) return;
  const { place } = incident.call;
  const chosen = chooseVolunteers(state, place, incident.volunteers, londonDate(atMs));
  for (const { volunteer, standard } of chosen) {
    note({ what: 'alertVolunteer', incident: incident.id, volunteer, standard });
  }
}
