import type { MessageTable } from '../table.js';
import { ControlState } from '../codes.js';

export const hello: MessageTable = {
  name: 'hello',
  type: 34,
  direction: 'down',
  about: 'The control room is there, or goes; with its time.',
  fields: [
    {
      name: 'birthCounter',
      kind: 'u32',
      min: 1,
      about: 'The birth that it answers: to any other connection it says nothing.',
    },
    {
      name: 'heardCounter',
      kind: 'u32',
      about: "Highest counter that the control room has taken on the unit's `up`; 0 for none.",
    },
    { name: 'issuedAt', kind: 'time', about: "The control room's time when it sent this." },
    { name: 'state', kind: 'u8', names: ControlState, about: 'On duty, or away.' },
  ],
};
