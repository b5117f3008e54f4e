/**
 * Volunteers of a city (L14): people with a telephone, at another place every few hours, who are told
 * by the control room, answer or do not, and walk to the patient, some by way of a public AED (L13).
 * Rule: they are no units: nothing that they do changes what a unit or an ambulance does, or what
 * becomes of a patient, so that what units bring is not mixed with what volunteers do.
 */
import type { Effect, Input, Place, VolunteerStep } from '../control-room/events.js';
import { nearestPublicAed } from '../control-room/rules/told.js';
import type { Scheme } from '../schemes/schema.js';
import type { WorldClock } from '../world/clock.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { peopleOf, placeIn, type CityCall } from './calls.js';
import { personS, weighted } from './draws.js';
import { localDate } from './local-time.js';
import { canBeHad } from './public-aeds.js';
import { isWithinM, straightLineM } from './travel.js';

export type VolunteerInput = Extract<Input, { do: 'volunteer' | 'volunteerIs' }>;

export interface VolunteerWorld {
  readonly scheme: Scheme;
  readonly assumptions: Assumptions;
  readonly clock: WorldClock;
  readonly random: Random;
  truthOf(callId: string): CityCall;
  onInput(input: VolunteerInput): void;
}

/** So long somebody is at one place, and available or not. */
const STAY_MS = 4 * 3_600_000;
const DAY_MS = 86_400_000;
/** An approved standard that has not run out counts for a year from the start. */
const STANDARD_MS = 365 * DAY_MS;

interface Stay {
  readonly number: number;
  readonly place: Place;
  readonly available: boolean;
}

class Volunteer {
  /** Where the control room has them. */
  toldPlace: Place | null = null;
  readonly #home: Scheme['areas'][number];
  readonly standard: string;
  readonly verifiedUntil: string;
  #stay: Stay | null = null;

  constructor(
    readonly id: string,
    private readonly own: Random,
    private readonly world: VolunteerWorld,
    people: readonly number[],
  ) {
    const { scheme, assumptions, clock } = world;
    const standards = scheme.volunteers?.standards ?? [];
    this.#home = scheme.areas[weighted(people, own)] as Scheme['areas'][number];
    this.standard = standards[own.integer(0, standards.length - 1)] as string;
    const hasLapsed = own.unit() < assumptions.volunteers.lapsedStandardShare.value;
    this.verifiedUntil = localDate(clock.nowMs() + (hasLapsed ? -DAY_MS : STANDARD_MS));
  }

  at(atMs: number): Stay {
    const number = Math.floor(atMs / STAY_MS);
    if (this.#stay?.number === number) return this.#stay;
    const own = this.own.fork(`stay-${number}`);
    const place = placeIn(this.#home, this.world.scheme.areas, own);
    const available = own.unit() < this.world.assumptions.volunteers.availableShare.value;
    this.#stay = { number, place, available };
    return this.#stay;
  }
}

export class Volunteers {
  readonly #all: readonly Volunteer[];
  readonly #byId: ReadonlyMap<string, Volunteer>;
  readonly #reachM: number;

  constructor(private readonly world: VolunteerWorld) {
    const { scheme, assumptions, random } = world;
    const count = scheme.volunteers ? assumptions.volunteers.registered.value : 0;
    const people = scheme.areas.map(peopleOf);
    this.#all = Array.from({ length: count }, (_, i) => {
      const id = `V${String(i + 1).padStart(4, '0')}`;
      return new Volunteer(id, random.fork(id), world, people);
    });
    this.#byId = new Map(this.#all.map((each) => [each.id, each]));
    this.#reachM = scheme.volunteers?.maxDistanceM ?? 0;
  }

  /** A call comes near: their telephones have told where they are and whether they can go. */
  attend(near: Place): void {
    const { clock, onInput } = this.world;
    for (const volunteer of this.#all) {
      const { place, available } = volunteer.at(clock.nowMs());
      const wasNear =
        volunteer.toldPlace !== null && isWithinM(volunteer.toldPlace, near, this.#reachM);
      const isUnchanged = volunteer.toldPlace === place;
      if (isUnchanged || !(wasNear || isWithinM(place, near, this.#reachM))) continue;
      volunteer.toldPlace = place;
      const { id, standard, verifiedUntil } = volunteer;
      onInput({ do: 'volunteerIs', volunteer: id, standard, verifiedUntil, available, place });
    }
  }

  alert({ volunteer: id, incident }: Extract<Effect, { do: 'alertVolunteer' }>): void {
    const { assumptions, clock, random, truthOf } = this.world;
    const { acceptShare, declineShare, answerS } = assumptions.volunteers;
    const own = random.fork(`${incident}-${id}`);
    this.#say(id, incident, 'sent');
    const drawn = own.unit();
    if (drawn >= acceptShare.value + declineShare.value) return;
    const answer = drawn < acceptShare.value ? 'accepted' : 'declined';
    clock.after(ms(personS(answerS.value, own)), () => {
      this.#say(id, incident, answer);
      if (answer === 'accepted') this.#go(id, truthOf(incident), own);
    });
  }

  #go(id: string, call: CityCall, own: Random): void {
    const { assumptions, clock, scheme } = this.world;
    const { place } = (this.#byId.get(id) as Volunteer).at(clock.nowMs());
    const fetched = this.#publicAedFor(call, own);
    const wayM = fetched
      ? straightLineM(place, fetched) + straightLineM(fetched, call.place)
      : straightLineM(place, call.place);
    const metresPerS = assumptions.volunteers.speedKmh.value / 3.6;
    const wayS = (wayM * assumptions.travel.detourFactor.value) / metresPerS;
    const hasAed = fetched !== null || scheme.volunteers?.aed === 'carried';
    clock.after(ms(wayS + assumptions.crews.vehicleToPatientS.value), () => {
      this.#say(id, call.callId, 'onScene');
      if (hasAed) this.#say(id, call.callId, 'aedTaken');
    });
  }

  /** The one that the control room tells of, where it can be had and is worth the way to them. */
  #publicAedFor(call: CityCall, own: Random): Place | null {
    const { assumptions, clock, scheme } = this.world;
    if (scheme.volunteers?.aed !== 'fetched') return null;
    const wants = own.unit() < assumptions.volunteers.fetchShare.value;
    const told = nearestPublicAed(scheme, call.place, localDate(clock.nowMs()));
    const aed = scheme.publicAeds.find(({ id }) => id === told?.id);
    return wants && aed && canBeHad(aed, clock.nowMs(), assumptions) ? aed : null;
  }

  #say(volunteer: string, incident: string, what: VolunteerStep): void {
    this.world.onInput({ do: 'volunteer', volunteer, incident, what });
  }
}

function ms(seconds: number): number {
  return Math.round(seconds * 1000);
}
