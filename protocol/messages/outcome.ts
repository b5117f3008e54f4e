import type { MessageTable } from '../table.js';
import { Refusal } from '../codes.js';
import { unitTime } from './common.js';

export const outcome: MessageTable = {
  name: 'outcome',
  type: 72,
  direction: 'up',
  about: 'What became of a command or a config.',
  fields: [
    { name: 'counter', kind: 'u32', min: 1, about: 'Of the envelope that it came in.' },
    { name: 'refusal', kind: 'u8', names: Refusal, about: 'Why it was not done; `none`: it was.' },
    ...unitTime,
  ],
};
