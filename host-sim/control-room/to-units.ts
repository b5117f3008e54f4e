/** What the control room decided, in the words that a unit takes. */
import type { StandDownReason } from '../../protocol/codes.js';
import {
  MAX_ADDRESS_CHARS,
  MAX_AMBULANCE_REFERENCE_CHARS,
  MAX_NOTE_CHARS,
} from '../../protocol/limits.js';
import type { Job } from './control-room.js';
import type { Call, Effect } from './events.js';
import { plainText, shortened } from './plain-text.js';

/** A call with any text at all gives a job that can be sent: an alert never fails for a letter. */
export function jobOf({ call, category }: Extract<Effect, { do: 'alert' }>): Job {
  return { ...textsOf(call), category };
}

/** What an update says of the call, and an alert. */
export function textsOf(call: Call): Job {
  // (A reference with a mark in it would be another.)
  const reference = plainText(call.ambulanceReference).slice(0, MAX_AMBULANCE_REFERENCE_CHARS);
  return {
    ambulanceReference: reference || '?',
    latitude: call.place.latitude,
    longitude: call.place.longitude,
    address: shortened(plainText(call.address), MAX_ADDRESS_CHARS),
    note: shortened(plainText(call.text), MAX_NOTE_CHARS),
  };
}

/** The unit needs to know of three; the ledger has the rest. */
export function standDownReasonOf(reason: string): keyof typeof StandDownReason {
  return reason === 'ambulanceOnScene' || reason === 'notAnArrest' ? reason : 'other';
}
