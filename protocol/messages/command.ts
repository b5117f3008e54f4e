import type { MessageTable } from '../table.js';
import { Command } from '../codes.js';
import { MAX_GENERATION } from '../limits.js';
import { GENERATION_BYTES } from '../seal/keys.js';

export const command: MessageTable = {
  name: 'command',
  type: 35,
  direction: 'down',
  about: 'What the unit itself is to do: a self-test, a report, a restart, new keys.',
  fields: [
    { name: 'command', kind: 'u8', min: 1, names: Command, about: 'What.' },
    {
      name: 'generation',
      kind: 'u8',
      max: MAX_GENERATION,
      about: 'Of the new keys; 0 for every command but `rotateKeys`.',
    },
    { name: 'issuedAt', kind: 'time', about: 'When the control room sent it.' },
    {
      name: 'keys',
      kind: 'bytes',
      max: GENERATION_BYTES,
      about: 'The new keys, down then up; empty for every command but `rotateKeys`.',
    },
  ],
};
