import type { MessageTable } from '../table.js';
import { MAX_ADDRESS_CHARS, MAX_NOTE_CHARS } from '../limits.js';
import { dispatchId, incidentPosition } from './common.js';

export const update: MessageTable = {
  name: 'update',
  type: 36,
  direction: 'down',
  about: 'New facts for a dispatch. They replace those that the unit has, all together.',
  fields: [
    dispatchId,
    {
      name: 'revision',
      kind: 'u8',
      min: 1,
      about: 'Greater with every update of this dispatch; one that is not greater changes nothing.',
    },
    {
      name: 'expiresAt',
      kind: 'time',
      about: 'From then on the dispatch must not sound as new.',
    },
    { name: 'issuedAt', kind: 'time', about: 'When the control room sent it.' },
    ...incidentPosition,
    { name: 'address', kind: 'text', max: MAX_ADDRESS_CHARS, about: 'Where to go, in words.' },
    { name: 'note', kind: 'text', max: MAX_NOTE_CHARS, about: 'What the crew should know first.' },
  ],
};
