import type { MessageTable } from '../table.js';
import { Refusal, Step } from '../codes.js';
import { dispatchId, elapsedMs, unitTime } from './common.js';

export const receipt: MessageTable = {
  name: 'receipt',
  type: 66,
  direction: 'up',
  about: 'One step of a dispatch on the unit, from its arrival to its end.',
  fields: [
    dispatchId,
    { name: 'step', kind: 'u8', min: 1, names: Step, about: 'What happened.' },
    { name: 'refusal', kind: 'u8', names: Refusal, about: 'Why, where the step is `refused`.' },
    elapsedMs,
    ...unitTime,
  ],
};
