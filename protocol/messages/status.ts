import type { MessageTable } from '../table.js';
import { CrewStatus, DeclineReason } from '../codes.js';
import { unitTime } from './common.js';

export const status: MessageTable = {
  name: 'status',
  type: 71,
  direction: 'up',
  about: 'Whether the crew can be sent, in their own word.',
  fields: [
    { name: 'status', kind: 'u8', min: 1, names: CrewStatus, about: 'Can they.' },
    { name: 'reason', kind: 'u8', names: DeclineReason, about: 'Why not; `none` where they can.' },
    ...unitTime,
  ],
};
