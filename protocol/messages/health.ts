import { RestartCause } from '../codes.js';
import type { Field, MessageTable } from '../table.js';
import { unitTime } from './common.js';

/** Counts since power-on stop at the greatest value instead of wrapping round. */
function count(name: string, about: string): Field {
  return { name, kind: 'u16', about };
}

export const health: MessageTable = {
  name: 'health',
  type: 70,
  direction: 'up',
  about: 'How the unit itself is. Counts are since power-on and stop at their greatest value.',
  fields: [
    { name: 'uptimeS', kind: 'u32', about: 'Seconds since power-on.' },
    {
      name: 'freeVariables',
      kind: 'u16',
      nullable: true,
      about: "The interpreter's free variables.",
    },
    count('refusedTooLong', 'Payloads refused with `tooLong`.'),
    count('refusedWrongVersion', 'With `wrongVersion`.'),
    count('refusedNotSealed', 'With `notSealed`.'),
    count('refusedUnknownKey', 'With `unknownKey`.'),
    count('refusedBadTag', 'With `badTag`.'),
    count('refusedReplayed', 'With `replayed`.'),
    count('refusedStale', 'With `stale`.'),
    count('refusedFromFuture', 'With `fromFuture`.'),
    count('refusedWrongUnit', 'With `wrongUnit`.'),
    count('refusedWrongDirection', 'With `wrongDirection`.'),
    count('refusedMalformed', 'Opened, but malformed: any other code below 32.'),
    count('droppedMessages', 'Own messages that a full queue cost.'),
    count('connections', 'Connections made to the broker.'),
    count('recoveries', 'Times that the link was mended by joining the network anew.'),
    count('uncaughtErrors', 'Exceptions that nothing caught.'),
    count('exhaustions', 'Times that the interpreter ran out of memory or stack, or lost input.'),
    count('lateTasks', 'Times that a task did not beat in time.'),
    count('badChecksums', 'GPS sentences whose checksum was wrong.'),
    count('badSentences', 'GPS sentences that were malformed.'),
    {
      name: 'restartCause',
      kind: 'u8',
      names: RestartCause,
      about: 'Why the unit was started.',
    },
    {
      name: 'ranOut',
      kind: 'u8',
      about:
        'What the interpreter has run out of since it started, or else in the run before; 0 if nothing is known.',
    },
    {
      name: 'failedBoots',
      kind: 'u8',
      about:
        'Starts before this one that failed, in a row, with those of a bundle that was given up.',
    },
    ...unitTime,
  ],
};
