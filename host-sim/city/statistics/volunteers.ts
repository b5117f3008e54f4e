/** What volunteers did (L14, N5): apart from units, which they never count as. */
import type { Random } from '../../world/random.js';
import type { Measured } from './groups.js';
import type { Measures } from './measures.js';
import { spreadOf, type Spread } from './spread.js';

export interface VolunteerStatistics {
  /** Incidents for which one was told. */
  readonly incidents: number;
  readonly alerted: number;
  readonly accepted: number;
  readonly declined: number;
  /** Neither: another was told in their place, where there was one. */
  readonly noAnswer: number;
  readonly onScene: number;
  readonly withAed: number;
  /** Incidents at which a volunteer was the first at the patient, and the first with an AED. */
  readonly firstAtPatient: number;
  readonly firstWithAed: number;
  readonly callToVolunteerS: Spread | null;
  readonly callToVolunteerAedS: Spread | null;
}

export function volunteerStatisticsOf(
  all: readonly Measured[],
  random: Random,
): VolunteerStatistics {
  const told = all.filter(({ incident }) => incident.volunteers.length > 0);
  const each = told.flatMap(({ incident }) => incident.volunteers);
  const count = (step: 'accepted' | 'declined' | 'onScene' | 'aedTaken') =>
    each.filter(({ steps }) => steps[step] !== undefined).length;
  const spread = (name: 'callToVolunteerS' | 'callToVolunteerAedS') =>
    spreadOf(
      told.flatMap(({ measures }) => measures[name] ?? []),
      random,
    );
  const isFirst = ({ callToVolunteerS, callToFirstS }: Measures) =>
    callToVolunteerS !== null && callToVolunteerS < (callToFirstS ?? Infinity);
  return {
    incidents: told.length,
    alerted: each.length,
    accepted: count('accepted'),
    declined: count('declined'),
    noAnswer: each.length - count('accepted') - count('declined'),
    onScene: count('onScene'),
    withAed: count('aedTaken'),
    firstAtPatient: told.filter(({ measures }) => isFirst(measures)).length,
    firstWithAed: told.filter(({ measures }) => measures.firstWithAed === 'volunteer').length,
    callToVolunteerS: spread('callToVolunteerS'),
    callToVolunteerAedS: spread('callToVolunteerAedS'),
  };
}
