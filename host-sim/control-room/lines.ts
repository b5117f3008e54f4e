/**
 * Every kind of line that the ledger has, by its `what`. Reasons are codes (README, "Reasons").
 * A line says all that its fold needs: no rule is asked again when a ledger is read.
 */
import type { AlertStep, Call, Line, UnitReport, VolunteerStep } from './events.js';
import type { Category } from '../../protocol/codes.js';

/** A unit that was looked at for a call. */
export interface Considered {
  readonly unit: string;
  /** The control room's estimate (Y5), from the farther edge of where the unit may be. */
  readonly travelS: number;
  /** Radius within which it may be: the fix's accuracy, and its age times the speed. */
  readonly errorM: number;
  /** Why it was not alerted. */
  readonly reasons: readonly string[];
}

/** The nearest public-access AED (L13). */
export interface NearestAed {
  readonly id: string;
  readonly distanceM: number;
  readonly where: string;
  readonly access: string;
  readonly hours: string;
}

interface OfAlert {
  readonly incident: string;
  readonly unit: string;
  readonly alertId: number;
}

interface OfCapacity {
  readonly partner: string;
  readonly area: string;
  readonly open: boolean;
  /** In the words of who asked. */
  readonly because: string;
  readonly role: string;
  readonly by: string;
}

interface OfShortage {
  /** Units that were looked at and not alerted, nearest first, at most MAX_CONSIDERED. */
  readonly considered: readonly Considered[];
  /** How many more were not alerted, by code. */
  readonly more: Readonly<Record<string, number>>;
}

/** What of a call can change, for those who are on their way to it. */
export type Facts = Partial<Pick<Call, 'place' | 'address' | 'text'>>;

export type Entry =
  /** The first line: of which scheme this is the ledger. */
  | { readonly what: 'opened'; readonly scheme: string; readonly units: number }
  | { readonly what: 'call'; readonly incident: string; readonly call: Call }
  /** A call that is known already; `changed` names what it says otherwise, `facts` are what is taken. */
  | {
      readonly what: 'callAgain';
      readonly incident: string;
      readonly changed: readonly string[];
      readonly facts?: Facts;
    }
  /** A call without an ambulance makes no incident (L8): give it again with one. */
  | { readonly what: 'callRefused'; readonly call: Call; readonly reasons: readonly string[] }
  | {
      readonly what: 'ambulance';
      readonly incident: string;
      readonly reference: string;
      readonly state: 'sent' | 'onScene' | 'clear';
      readonly etaS?: number;
    }
  /** The call meets the criteria (L7): what follows is about whom to alert. */
  | {
      readonly what: 'matched';
      readonly incident: string;
      readonly criteriaVersion: number;
      readonly rule: string;
      readonly category: keyof typeof Category;
      readonly area: string | null;
      readonly wave: number | null;
      readonly publicAed: NearestAed | null;
    }
  /** No unit is alerted now; where `final`, none will be for this call. */
  | ({
      readonly what: 'noAlert';
      readonly incident: string;
      readonly reasons: readonly string[];
      readonly final: boolean;
      /** How many units it is short of. */
      readonly wanted: number;
      readonly criteriaVersion: number | null;
    } & OfShortage)
  /** Units nearer than the one that is alerted next, and why not they. */
  | ({ readonly what: 'passedOver'; readonly incident: string } & OfShortage)
  /** `reasons` here are what the crew is told (`aedAbsent`), or what is warned of. */
  | (OfAlert & {
      readonly what: 'alert';
      readonly reasons: readonly string[];
      readonly ambulanceReference: string;
      readonly ambulanceEtaS: number | null;
      readonly travelS: number;
      readonly errorM: number;
      readonly expiresAtMs: number;
    })
  | (OfAlert & {
      readonly what: 'step';
      readonly step: AlertStep;
      readonly reasons: readonly string[];
      readonly stepAtMs: number;
      /** Of `sent`: from the ambulance's line to the broker's word (L2). */
      readonly skewMs?: number;
      /** Of `onScene`: nobody was there before, neither ambulance nor unit (L4). */
      readonly first?: boolean;
    })
  /** The unit is told what the call says now. */
  | (OfAlert & { readonly what: 'update'; readonly revision: number })
  | (OfAlert & { readonly what: 'updateSent'; readonly revision: number })
  /** From here on the alert does not count: another unit is wanted. */
  | (OfAlert & { readonly what: 'failed'; readonly reasons: readonly string[] })
  /** The alert is over, by the control room's own clock or knowledge. */
  | (OfAlert & { readonly what: 'over'; readonly reasons: readonly string[] })
  | (OfAlert & { readonly what: 'standDown'; readonly reasons: readonly string[] })
  | ({ readonly what: 'capacity' } & OfCapacity)
  /** `reasons` say why. */
  | ({ readonly what: 'capacityRefused'; readonly reasons: readonly string[] } & OfCapacity)
  | {
      readonly what: 'unit';
      readonly unit: string;
      readonly report: Exclude<UnitReport, { readonly kind: 'position' }>;
    }
  | {
      readonly what: 'training';
      readonly responder: string;
      readonly skill: string;
      readonly trainedOn: string;
    }
  | {
      readonly what: 'volunteerIs';
      readonly volunteer: string;
      readonly standard: string;
      readonly verifiedUntil: string;
      readonly available: boolean;
    }
  | {
      readonly what: 'alertVolunteer';
      readonly incident: string;
      readonly volunteer: string;
      readonly standard: string;
    }
  | {
      readonly what: 'volunteer';
      readonly incident: string;
      readonly volunteer: string;
      /** `silent` is the control room's own: nobody answered in time, and the next is told. */
      readonly step: VolunteerStep | 'silent';
    }
  | {
      readonly what: 'closed';
      readonly incident: string;
      readonly patients: number;
      readonly resuscitatedAndTransported: number;
    }
  /** More activations in seven days than were forecast (Y4); `area` '*' is the whole scheme. */
  | {
      readonly what: 'warning';
      readonly area: string;
      readonly reasons: readonly string[];
      readonly activations: number;
      readonly expectedPerWeek: number;
    }
  /** Something was told that is about nothing known, or cannot be: it changes nothing. */
  | {
      readonly what: 'stray';
      readonly reasons: readonly string[];
      readonly about: string;
      readonly told: string;
    };

export type What = Entry['what'];
export type LineOf<W extends What> = Line & Extract<Entry, { readonly what: W }>;
export type KnownLine = { [W in What]: LineOf<W> }[What];

/** Units that one line lists; the rest are counted. */
export const MAX_CONSIDERED = 12;
