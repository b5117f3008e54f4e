import type { MessageTable } from '../table.js';
import { StandDownReason } from '../codes.js';
import { dispatchId } from './common.js';

export const standDown: MessageTable = {
  name: 'stand-down',
  type: 33,
  direction: 'down',
  about: 'The dispatch is withdrawn: silence it, and refuse it should it arrive later.',
  fields: [
    dispatchId,
    { name: 'issuedAt', kind: 'time', about: 'When the control room sent it.' },
    { name: 'reason', kind: 'u8', min: 1, names: StandDownReason, about: 'Why.' },
  ],
};
