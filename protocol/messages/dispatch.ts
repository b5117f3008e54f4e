import type { MessageTable } from '../table.js';
import { Category } from '../codes.js';
import { MAX_ADDRESS_CHARS, MAX_AMBULANCE_REFERENCE_CHARS, MAX_NOTE_CHARS } from '../limits.js';
import { dispatchId, incidentPosition } from './common.js';

/** A job for this unit. What the alarm needs comes first, so that a unit can sound before it reads on. */
export const dispatch: MessageTable = {
  name: 'dispatch',
  type: 32,
  direction: 'down',
  about: 'A job for this unit: sound until a person answers, it expires, or it is stood down.',
  fields: [
    dispatchId,
    {
      name: 'category',
      kind: 'u8',
      min: 1,
      names: Category,
      about: 'What the dispatch is for.',
    },
    {
      name: 'expiresAt',
      kind: 'time',
      about: 'From then on the dispatch must not sound as new.',
    },
    { name: 'issuedAt', kind: 'time', about: 'When the control room sent it.' },
    ...incidentPosition,
    {
      name: 'ambulanceReference',
      kind: 'text',
      min: 1,
      max: MAX_AMBULANCE_REFERENCE_CHARS,
      about: "The ambulance service's reference: no unit is alerted without one (L8).",
    },
    { name: 'address', kind: 'text', max: MAX_ADDRESS_CHARS, about: 'Where to go, in words.' },
    { name: 'note', kind: 'text', max: MAX_NOTE_CHARS, about: 'What the crew should know first.' },
  ],
};
