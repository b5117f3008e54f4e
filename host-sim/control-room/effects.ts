/** What is to be done for a line of the ledger, now or again after a crash. */
import type { Effect, Line } from './events.js';
import { known } from './fold.js';
import type { LineOf } from './lines.js';
import { textFor } from './rules/told.js';
import type { State } from './state.js';

export function effectsOf(state: State, line: Line): readonly Effect[] {
  const entry = known(line);
  switch (entry.what) {
    case 'alert':
      return alertEffect(state, entry);
    case 'update':
      return updateEffect(state, entry);
    case 'standDown':
      return [{ do: 'standDown', alertId: entry.alertId, reason: entry.reasons[0] ?? '' }];
    case 'alertVolunteer':
      return [{ do: 'alertVolunteer', volunteer: entry.volunteer, incident: entry.incident }];
    default:
      return [];
  }
}

/** In the order of their lines. */
export function unconfirmedOf(state: State): readonly Effect[] {
  const { unsent, unsentUpdates, unsentStandDowns, unsentVolunteers } = state;
  const lines: Line[] = [
    ...unsent.values(),
    ...unsentUpdates.values(),
    ...unsentStandDowns.values(),
    ...unsentVolunteers.values(),
  ];
  return lines.sort((a, b) => a.n - b.n).flatMap((line) => effectsOf(state, line));
}

function alertEffect(state: State, line: LineOf<'alert'>): readonly Effect[] {
  const incident = state.incidents.get(line.incident);
  if (!incident?.matched) return [];
  const { alertId, unit, reasons, ambulanceReference, atMs: issuedAtMs, expiresAtMs } = line;
  const { category, publicAed } = incident.matched;
  const text = textFor(incident.call.text, reasons, publicAed);
  const call = { ...incident.call, ambulanceReference, text };
  return [{ do: 'alert', alertId, unit, call, category, issuedAtMs, expiresAtMs }];
}

/** Of several updates of one alert the last says all: done again, an older one would be no older text. */
function updateEffect(state: State, line: LineOf<'update'>): readonly Effect[] {
  const { alertId, unit, revision } = line;
  const alert = state.alerts.get(alertId);
  const incident = state.incidents.get(line.incident);
  if (!alert || !incident?.matched || alert.revision !== revision) return [];
  const { reasons, expiresAtMs } = alert;
  const text = textFor(incident.call.text, reasons, incident.matched.publicAed);
  return [{ do: 'update', alertId, unit, revision, call: { ...incident.call, text }, expiresAtMs }];
}
