import type { MessageTable } from '../table.js';
import { UnitKind } from '../codes.js';
import { MAX_CALL_SIGN_CHARS, MAX_VERSION_CHARS } from '../limits.js';
import { unitTime } from './common.js';

export const birth: MessageTable = {
  name: 'birth',
  type: 64,
  direction: 'up',
  about: 'The unit is connected and subscribed. Retained on its state topic.',
  fields: [
    {
      name: 'birthCounter',
      kind: 'u32',
      min: 1,
      about: 'Greater with every connection of this unit, for life; its will has the same.',
    },
    {
      name: 'heardCounter',
      kind: 'u32',
      about: 'Highest counter that the unit has taken from the control room; 0 for none.',
    },
    {
      name: 'configVersion',
      kind: 'u32',
      about: 'Of the settings in use; 0 for those that every unit begins with.',
    },
    { name: 'unitKind', kind: 'u8', names: UnitKind, about: 'Vehicle or station (L1).' },
    ...unitTime,
    { name: 'callSign', kind: 'text', min: 1, max: MAX_CALL_SIGN_CHARS, about: 'For people.' },
    { name: 'firmware', kind: 'text', max: MAX_VERSION_CHARS, about: 'Version of the bundle.' },
    { name: 'board', kind: 'text', max: MAX_VERSION_CHARS, about: 'Board that it runs on.' },
  ],
};
