import type { MessageTable } from '../table.js';
import { ControlState } from '../codes.js';

export const hello: MessageTable = {
  name: 'hello',
  type: 34,
  direction: 'down',
  about: "The control room's presence, with its time; on its state topic also its will.",
  fields: [
    {
      name: 'session',
      kind: 'u32',
      about: 'Counts the starts of the control room: a will counts only for its own session.',
    },
    { name: 'issuedAt', kind: 'time', about: "The control room's time when it sent this." },
    { name: 'state', kind: 'u8', names: ControlState, about: 'On duty, or away.' },
  ],
};
