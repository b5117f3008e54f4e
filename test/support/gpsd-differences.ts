/**
 * Where the unit's fixes differ from gpsd's, log by log, and why: all of it, found by reading the
 * sentences beside gpsd's answers. `gpsd-reference.ts` holds both to this list.
 */
import type { DifferenceKind } from './gpsd-reference.js';

export interface KnownDifferences {
  /** Gpsd dates the whole log so many days later than the receiver did. */
  readonly clockAhead?: { readonly days: number; readonly why: string };
  readonly differences?: readonly {
    readonly time: string | null;
    readonly kind: DifferenceKind;
    readonly why: string;
  }[];
}

const WITHHELD =
  'gpsd reports an epoch at the sentence that it takes for the last of each; here the log ends, ' +
  'or goes on at another hour, before that one';

export const gpsdDifferences: Readonly<Record<string, KnownDifferences>> = {
  bt451: {
    differences: [
      { time: '2009-12-09T15:25:08.500Z', kind: 'extra', why: WITHHELD },
      { time: '2009-12-09T14:33:08.500Z', kind: 'extra', why: WITHHELD },
    ],
  },
  'gr601-w': {
    differences: [
      {
        time: null,
        kind: 'absent',
        why: 'the log begins with the GLL of an epoch that has no RMC and no GGA; GLL is not used',
      },
    ],
  },
  'mtk-3301': {
    differences: [
      {
        time: null,
        kind: 'absent',
        why:
          'the GGA of 08:14:34.590 has a position and quality 0: gpsd reports it, undated, and ' +
          'takes it back at the RMC with status V; the unit believes quality 0',
      },
      {
        time: '2008-08-23T08:14:36.000Z',
        kind: 'extra',
        why:
          'first fix of the log: gpsd reports its GGA undated, and holds back the RMC, because it ' +
          'has not learnt yet that RMC is the last sentence of an epoch',
      },
    ],
  },
  'neo-m8n': {
    clockAhead: {
      days: 7168,
      why:
        'gpsd knows 18 leap seconds, so it takes a date before 2017 for that of a receiver which ' +
        'missed a roll-over, and adds 1024 weeks; with other old logs it is told their date by ' +
        'a line that is misspelt in this one',
    },
    differences: [{ time: '2015-03-18T17:19:48.000Z', kind: 'extra', why: WITHHELD }],
  },
};
