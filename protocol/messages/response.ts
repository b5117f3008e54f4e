import type { MessageTable } from '../table.js';
import { Answer, DeclineReason } from '../codes.js';
import { dispatchId, elapsedMs, unitTime } from './common.js';

export const response: MessageTable = {
  name: 'response',
  type: 67,
  direction: 'up',
  about: 'What the crew said of a dispatch: their answer, and then how the job goes on.',
  fields: [
    dispatchId,
    { name: 'answer', kind: 'u8', min: 1, names: Answer, about: 'What they said.' },
    { name: 'reason', kind: 'u8', names: DeclineReason, about: 'Why, where it is `decline`.' },
    elapsedMs,
    ...unitTime,
  ],
};
