import type { MessageTable } from '../table.js';
import { Answer, DeclineReason } from '../codes.js';
import { dispatchId, elapsedMs, unitTime } from './common.js';

export const response: MessageTable = {
  name: 'response',
  type: 67,
  direction: 'up',
  about: 'What the crew said to a dispatch.',
  fields: [
    dispatchId,
    { name: 'answer', kind: 'u8', min: 1, names: Answer, about: 'The answer.' },
    { name: 'reason', kind: 'u8', names: DeclineReason, about: 'Why, where it is a decline.' },
    elapsedMs,
    ...unitTime,
  ],
};
