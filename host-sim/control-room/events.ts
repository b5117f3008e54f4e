/**
 * What happens to a control room, and what it decides: the two halves of its ledger's language.
 * Inputs come from people, units and clocks; lines are what the ledger keeps. Plain data throughout,
 * so that a line is its JSON. Times are epoch milliseconds, places WGS 84 degrees.
 */
import type { Category } from '../../protocol/codes.js';

export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** An emergency call as the ambulance service's own system gives it. */
export interface Call {
  /** Of the ambulance service: the same call given twice is one. */
  readonly callId: string;
  readonly place: Place;
  readonly address: string;
  /** What the call-taker's questions led to, such as `09E01`. */
  readonly determinant: string;
  /** For a crew to read; it names no patient (L14). */
  readonly text: string;
  /** Of the ambulance that is sent. Without one no unit is ever alerted (L8). */
  readonly ambulanceReference: string;
  /** When the ambulance is expected, where that is known (Y5). */
  readonly ambulanceEtaS?: number;
}

export type CrewState =
  'unknown' | 'available' | 'unavailable' | 'committed'; /* by the partner's own service: Y2 */
export type AedPresence = 'present' | 'absent' | 'unknown';
export type AedReadiness = 'ready' | 'attention' | 'fault' | 'unknown';

/** What is heard of a unit; each kind replaces what was known of that kind. */
export type UnitReport =
  | { readonly kind: 'alive'; readonly alive: boolean }
  | { readonly kind: 'crew'; readonly state: CrewState }
  | { readonly kind: 'aed'; readonly presence: AedPresence; readonly readiness: AedReadiness }
  | {
      readonly kind: 'position';
      readonly place: Place;
      readonly fixAtMs: number;
      readonly speedKmh: number;
    }
  /** Who is on board, where that is known; no unit needs it to sound (L6). */
  | { readonly kind: 'crewing'; readonly responders: readonly string[] };

/**
 * Steps of an alert, as receipts and responses tell them (SPEC); `sent` and `standDownSent` are the
 * broker's word.
 */
export type AlertStep =
  | 'sent'
  | 'standDownSent'
  | 'verified'
  | 'refused'
  | 'sounding'
  | 'seen'
  | 'acknowledged'
  | 'unanswered'
  | 'accepted'
  | 'declined'
  | 'enRoute'
  | 'onScene'
  | 'alreadyOnScene'
  | 'aedTaken'
  | 'aedUsed'
  | 'handedOver'
  | 'notAnArrest'
  | 'clear'
  | 'welfare'
  | 'stoodDown'
  | 'expired'
  | 'duplicate'
  | 'resumed'
  | 'louder'
  | 'updated';

export type Input =
  | { readonly do: 'call'; readonly call: Call }
  /** The broker has an update. */
  | { readonly do: 'updateSent'; readonly alertId: number; readonly revision: number }
  | {
      readonly do: 'ambulance';
      readonly reference: string;
      readonly what: 'onScene' | 'clear';
    }
  /** Only the partner's own control opens and closes its gate (L9); `area` '*' is all of them. */
  | {
      readonly do: 'capacity';
      readonly partner: string;
      readonly area: string;
      readonly open: boolean;
      readonly reason: string;
      /** The role that asks, and who: anyone but the partner is refused and noted. */
      readonly role: string;
      readonly by: string;
    }
  | { readonly do: 'unit'; readonly unit: string; readonly report: UnitReport }
  | {
      readonly do: 'step';
      readonly alertId: number;
      readonly step: AlertStep;
      /** The name of a refusal or of a decline's reason, '' where there is none. */
      readonly reason: string;
      /** By the unit's own clock. */
      readonly stepAtMs: number;
    }
  /** A volunteer's answer; volunteers have no unit (L14). */
  | {
      readonly do: 'volunteer';
      readonly volunteer: string;
      readonly incident: string;
      /** `sent`: the message to the telephone is out. */
      readonly what: VolunteerStep;
    }
  /** What is known of a volunteer; replaces what was known. */
  | {
      readonly do: 'volunteerIs';
      readonly volunteer: string;
      /** An approved standard that the scheme names, and the last day on which it counts. */
      readonly standard: string;
      readonly verifiedUntil: string;
      readonly available: boolean;
      /** Kept for choosing only: no line of the ledger says where a volunteer is. */
      readonly place: Place | null;
    }
  /** A responder's training in a skill of the scheme (Y7, N6): from the day on which it was done. */
  | {
      readonly do: 'training';
      readonly responder: string;
      readonly skill: string;
      readonly trainedOn: string;
    }
  | {
      readonly do: 'closeIncident';
      readonly incident: string;
      readonly patients: number;
      readonly resuscitatedAndTransported: number;
    }
  /** Nothing happened but time: what is due is done. */
  | { readonly do: 'time' };

/** `aedTaken`: there is an AED with the patient by them, their own or a public one. */
export type VolunteerStep = 'sent' | 'accepted' | 'declined' | 'onScene' | 'aedTaken';

/** What the control room does for one line of its ledger, once that line is safe. */
export type Effect =
  | {
      readonly do: 'alert';
      /** The same when it is done again: a unit sounds it once (SPEC CR-044). */
      readonly alertId: number;
      readonly unit: string;
      /** Its text begins with what the crew must be told, such as that there is no AED. */
      readonly call: Call;
      readonly category: keyof typeof Category;
      readonly issuedAtMs: number;
      readonly expiresAtMs: number;
    }
  /** What the call says now, for a unit that is on its way or has not answered yet. */
  | {
      readonly do: 'update';
      readonly alertId: number;
      readonly unit: string;
      /** From 1; the same when it is done again: a unit takes it once (SPEC CR-140). */
      readonly revision: number;
      readonly call: Call;
      readonly expiresAtMs: number;
    }
  | { readonly do: 'standDown'; readonly alertId: number; readonly reason: string }
  | { readonly do: 'alertVolunteer'; readonly volunteer: string; readonly incident: string };

/** One line of the ledger: `n` counts from 1 without a gap. */
export interface Line {
  readonly n: number;
  readonly atMs: number;
  /** What happened or was decided, in one word, such as `call`, `noAlert`, `alert`, `standDown`. */
  readonly what: string;
  readonly incident?: string;
  readonly unit?: string;
  readonly alertId?: number;
  /** Why, in codes that the README explains, such as `gateClosed`, `beforeGoLive`, `aedNotReady`. */
  readonly reasons?: readonly string[];
  /** The rest, by what it is. */
  readonly [more: string]: unknown;
}

/**
 * The reference control room as a pure machine. `take` decides; all that it decides is in the lines
 * it gives, and folding those lines through `apply` gives the same state in a new machine.
 */
export interface Coordinator {
  /** Decides, applies, and gives the lines: write them, make them safe, then do `effects(line)`. */
  take(input: Input, atMs: number): readonly Line[];
  /** A line of an old ledger. */
  apply(line: Line): void;
  effects(line: Line): readonly Effect[];
  /**
   * Effects whose doing nobody confirmed, in the order of their lines: to be done again after a
   * crash. `sent`, `updateSent`, `standDownSent` and a volunteer's `sent` confirm.
   */
  unconfirmed(): readonly Effect[];
  /** When `{ do: 'time' }` is due next; null while nothing waits. */
  nextDueMs(): number | null;
}
